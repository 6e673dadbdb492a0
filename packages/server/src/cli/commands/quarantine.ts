import { RapportError } from '../../base/index.ts'
import {
  exportQuarantine,
  listQuarantine,
  listQuarantineReasons,
  type QuarantinedRecord,
  type QuarantineReason,
  retryQuarantine,
} from '../../ingestion/index.ts'
import { refreshLeftOut } from '../../quality/index.ts'
import type { Command } from '../command.ts'
import { textTable } from '../text-table.ts'
import { withStore } from '../with-store.ts'
import { describeImport } from './import.ts'

export const quarantine: Command = {
  name: 'quarantine',
  summary: 'Lists, exports or retries records that could not be imported',
  words: 'list | export | retry',
  options: {
    batch: { type: 'string', value: 'N', description: 'only the records of this import' },
    all: { type: 'boolean', description: 'list record by record instead of by reason' },
    limit: { type: 'string', value: 'N', description: 'records to list', default: '50' },
    map: { type: 'string', value: 'TARGET=COLUMN', description: 'retry with this column', multiple: true },
  },
  run: ({ store, given, work }) =>
    withStore(store, async (warehouse) => {
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
      throw new RapportError('cli.words', `quarantine must be followed by list, export or retry, got ${action}`)
    }),
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
    const where = reason.column === null || reason.column === '' ? '' : `${reason.column}: `
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
