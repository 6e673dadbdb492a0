import { readAnalysis } from '../../insights/index.ts'
import type { Command } from '../command.ts'
import { withStore } from '../with-store.ts'
import { keepReport } from './analyze.ts'

export const report: Command = {
  name: 'report',
  summary: 'Writes the report of the last analysis again',
  options: {},
  run: ({ store }) =>
    withStore(store, async (warehouse) => {
      const file = await keepReport(store, await readAnalysis(warehouse))
      return { document: { report: file }, text: `report: ${file}` }
    }),
}
