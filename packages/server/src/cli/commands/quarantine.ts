import { RapportError } from '../../base/index.ts'
import { exportQuarantine, listQuarantine, retryQuarantine } from '../../ingestion/index.ts'
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
        return {
          document: records,
          text:
            records.length === 0
              ? 'nothing is in quarantine'
              : textTable(records, [
                  { title: 'batch', value: (record) => String(record.batchId), align: 'right' },
                  { title: 'file', value: ({ file }) => file },
                  { title: 'row', value: ({ row }) => String(row), align: 'right' },
                  { title: 'column', value: ({ column }) => column ?? '' },
                  { title: 'reason', value: ({ reason }) => reason },
                ]),
        }
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
