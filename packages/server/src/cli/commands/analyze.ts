import { join } from 'node:path'
import { RapportError } from '../../base/index.ts'
import { type Analysis, type AnalyzeOptions, analyze, writeReport } from '../../insights/index.ts'
import type { Command, Given, OptionSpecs } from '../command.ts'
import { describeAnalysis } from '../describe-analysis.ts'
import type { AnalyzeStore } from '../serve.ts'
import { lentWith, withStore } from '../with-store.ts'

export const analyzeOptions: OptionSpecs = {
  'as-of': {
    type: 'string',
    value: 'DATE',
    description: 'analyse as of this moment: 2024-12-31 (default: the last record; of a demo, the end of its history)',
  },
  seed: { type: 'string', value: 'N', description: 'the same seed gives the same analysis', default: '1' },
  'message-cost': {
    type: 'string',
    value: 'AMOUNT',
    description: 'what sending one message costs (default: not known)',
  },
}

/** @param analyzeApart so that a server goes on answering; a command that has the store to itself needs no other thread */
export const analyzeCommand = (analyzeApart: AnalyzeStore): Command => ({
  name: 'analyze',
  summary: 'Runs the whole analysis and writes the report into the store’s folder',
  options: analyzeOptions,
  run: ({ store, given, work }) =>
    withStore(store, async (warehouse) => {
      const report = join(store, 'report.html')
      const run = lentWith(warehouse) ? analyzeApart : analyzeHere
      const analysis = await run(warehouse, readAnalyzeOptions(given), report, work)
      return { document: { report, analysis }, text: `${describeAnalysis(analysis)}\n\nreport: ${report}` }
    }),
})

export const analyzeHere: AnalyzeStore = async (warehouse, options, report, work) => {
  const analysis = await analyze(warehouse, options, work)
  await writeReport(analysis, report)
  return analysis
}

/** Writes the report beside the store and tells its path. */
export async function keepReport(store: string, analysis: Analysis): Promise<string> {
  const file = join(store, 'report.html')
  await writeReport(analysis, file)
  return file
}

export function readAnalyzeOptions(given: Given): AnalyzeOptions {
  const asOf = readMoment(given.text('as-of'))
  const cost = given.text('message-cost')
  if (cost !== undefined && !(Number(cost) >= 0 && cost.trim() !== '')) {
    throw new RapportError('cli.option', `--message-cost must be an amount of at least 0, got ${cost}`)
  }
  return {
    seed: given.whole('seed', 0)!,
    ...(asOf === undefined ? {} : { asOf }),
    ...(cost === undefined ? {} : { messageCost: Number(cost) }),
  }
}

/** A date alone means the end of that day, so that the day itself is included. */
export function readMoment(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const moment = Date.parse(isDate ? `${text}T23:59:59.999Z` : text)
  if (Number.isFinite(moment)) return moment
  throw new RapportError('cli.option', `--as-of must be a date such as 2024-12-31, got ${text}`)
}
