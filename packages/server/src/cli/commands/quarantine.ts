import { mends, type ReplaySummary, replayRequest } from '@rapport/protocol'
import { commandLine, recordAudit } from '../../access/index.ts'
import { fit, RapportError } from '../../base/index.ts'
import {
  exportQuarantine,
  listQuarantine,
  listQuarantineReasons,
  type QuarantinedRecord,
  type QuarantineReason,
  replayCalls,
  retryQuarantine,
} from '../../ingestion/index.ts'
import { refreshLeftOut } from '../../quality/index.ts'
import type { Command, Outcome, Surroundings } from '../command.ts'
import { openDoors } from '../open-doors.ts'
import { readJsonFile } from '../read-file.ts'
import { textTable } from '../text-table.ts'
import { withLog } from '../with-log.ts'
import { withState } from '../with-state.ts'
import { withStore } from '../with-store.ts'
import { describeImport } from './import.ts'

export const quarantine: Command = {
  name: 'quarantine',
  summary:
    'Records that could not be imported and calls that could not be taken: lists, exports, retries, mends and replays them',
  words: 'list | export | retry | replay',
  options: {
    batch: { type: 'string', value: 'N', description: 'only the records of this import' },
    all: { type: 'boolean', description: 'list record by record instead of by reason' },
    limit: { type: 'string', value: 'N', description: 'records to list', default: '50' },
    mend: { type: 'string', value: 'FILE', description: 'replay calls mended by the steps in this JSON file' },
    'dry-run': { type: 'boolean', description: 'say what a replay would do' },
    code: { type: 'string', value: 'CODE', description: 'replay only calls that are there for this reason' },
    pointer: { type: 'string', value: 'POINTER', description: 'replay only calls that are broken here' },
    map: { type: 'string', value: 'TARGET=COLUMN', description: 'retry with this column', multiple: true },
  },
  details:
    'Records of files are retried, with other columns if need be; calls of the wire are replayed, each once:\n' +
    '  [{"op":"rename","from":"/properties/prise","to":"/properties/price"},\n' +
    '   {"op":"cast","at":"/properties/price","to":"number"}, {"op":"set","at":"/event","value":"Viewed"},\n' +
    '   {"op":"drop","at":"/properties/debug"}]',
  run: (surroundings) => {
    const { store, given, work } = surroundings
    if (given.words[0] === 'replay') return replay(surroundings)
    return withStore(store, async (warehouse) => {
      const batchId = given.whole('batch', 1)
      const which = batchId === undefined ? {} : { batchId }
      const action = given.words[0] ?? 'list'
      if (action === 'list') {
        const records = await listQuarantine(warehouse, { ...which, limit: given.whole('limit', 1)! })
        if (records.length === 0) return { document: records, text: 'nothing is in quarantine' }
        const text = given.flag('all')
          ? describeRecords(records)
          : describeReasons(await listQuarantineReasons(warehouse, which))
        return { document: records, text }
      }
      if (action === 'export') {
        const csv = await exportQuarantine(warehouse, which)
        return { document: { csv }, text: csv.trimEnd() }
      }
      if (action === 'retry') {
        const map = Object.fromEntries(given.texts('map').map((text) => text.split('=', 2) as [string, string]))
        const summaries = await retryQuarantine(
          warehouse,
          { ...which, ...(given.texts('map').length > 0 ? { map } : {}) },
          work,
        )
        await refreshLeftOut(warehouse)
        return { document: summaries, text: summaries.map(describeImport).join('\n\n') || 'nothing is in quarantine' }
      }
      throw new RapportError('cli.words', `quarantine must be followed by list, export, retry or replay, got ${action}`)
    })
  },
}

/** Has calls of the wire come in again. */
const replay = ({ store, given, path, work }: Surroundings): Promise<Outcome> =>
  withLog(store, (warehouse, log) =>
    withState(store, async (state) => {
      const file = given.text('mend')
      const request = fit(
        replayRequest,
        {
          ...{
            code: given.text('code'),
            pointer: given.text('pointer'),
            dryRun: given.flag('dry-run'),
            limit: 100_000,
          },
          mends:
            file === undefined
              ? []
              : fit(mends, readJsonFile(path(file), file, 'steps of mending'), 'ingestion.replay'),
        },
        'ingestion.replay',
      )
      const doors = await openDoors(warehouse, state)
      const summary = await replayCalls({ warehouse, log, doors }, request, work)
      if (!summary.dryRun) {
        const { tried, accepted, refused } = summary
        const detail = { tried, accepted, refused }
        await recordAudit(state.queries, { actor: commandLine, action: 'quarantine.replay', detail })
      }
      return { document: summary, text: describeReplay(summary) }
    }),
  )

function describeReplay({
  tried,
  accepted,
  duplicates,
  refused,
  failed,
  reasons,
  left,
  dryRun,
}: ReplaySummary): string {
  if (tried === 0) return 'no such call is in quarantine'
  const would = dryRun ? 'would be ' : ''
  const lines = [
    `${tried.toLocaleString('en')} calls tried: ${accepted.toLocaleString('en')} ${would}taken, ${duplicates} in the log already, ` +
      `${refused} not to be kept, ${failed.toLocaleString('en')} still broken`,
    ...reasons.map(
      ({ calls, pointer, code, example }) => `  ${calls} × ${pointer || 'the call'} (${code}): ${example}`,
    ),
    ...(left ? ['there are more: replay again'] : []),
  ]
  return lines.join('\n')
}

const describeRecords = (records: readonly QuarantinedRecord[]): string =>
  textTable(records, [
    { title: 'batch', value: (record) => String(record.batchId), align: 'right' },
    { title: 'file', value: ({ file }) => file },
    { title: 'row', value: ({ row }) => String(row), align: 'right' },
    { title: 'column', value: ({ column }) => column ?? '' },
    { title: 'reason', value: ({ reason }) => reason },
  ])

/** Reasons, the most frequent first, each with values that were got and where the first of each is. */
export function describeReasons(reasons: readonly QuarantineReason[]): string {
  const count = (n: number, of: string): string => `${n.toLocaleString('en')} ${of}${n === 1 ? '' : 's'}`
  const blocks = reasons.map((reason) => {
    // What must hold of a call begins with the place itself.
    const isSaid = reason.column === null || reason.column === '' || reason.must.startsWith(`${reason.column} `)
    const where = isSaid ? '' : `${reason.column}: `
    const head = `batch ${reason.batchId}, ${count(reason.records, 'record')} of ${reason.kind} (${reason.code})\n${where}${reason.must}`
    const lines = reason.examples.map(({ file, row, got, times }) => {
      const more = times > 1 ? ` (and ${(times - 1).toLocaleString('en')} more like it)` : ''
      return `  ${file}:${row}${got === '' ? '' : `  got ${got}`}${more}`
    })
    const left = reason.values - reason.examples.length
    return [head, ...lines, ...(left > 0 ? [`  and ${count(left, 'other value')}`] : [])].join('\n')
  })
  return [
    ...blocks,
    'FILE:1 is the first record after the header. Every record: --all, or as a file: rapport quarantine export > bad.csv',
  ].join('\n\n')
}
