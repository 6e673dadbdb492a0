import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isDemoIncomplete, makeDemo, removeIncompleteDemo, type ScenarioName } from '../../demo/index.ts'
import { type Analysis, analyze, readAnalysis } from '../../insights/index.ts'
import type { Command, Surroundings } from '../command.ts'
import { describeAnalysis } from '../describe-analysis.ts'
import { openInBrowser } from '../open-in-browser.ts'
import { serveReport } from '../serve-report.ts'
import { withNewStore } from '../with-store.ts'
import { analyzeOptions, keepReport, readAnalyzeOptions } from './analyze.ts'
import { describeDemo, scenarioNames } from './demo.ts'

export const start: Command = {
  name: 'start',
  summary: 'Makes the demo shop if there is no store, analyses, and shows the report',
  options: {
    ...analyzeOptions,
    scenario: {
      type: 'string',
      value: 'NAME',
      description: 'demo to make',
      choices: scenarioNames,
      default: 'fashion',
    },
    customers: { type: 'string', value: 'N', description: 'customers of the demo', default: '5000' },
    port: { type: 'string', value: 'N', description: 'port to serve the report on; 0 for any', default: '8787' },
    'no-open': { type: 'boolean', description: 'do not open the report in a browser' },
    'no-serve': { type: 'boolean', description: 'end when the report is written' },
  },
  run: async (surroundings) => {
    const { store, given, tell, work } = surroundings
    const { analysis, report } = await prepare(surroundings)
    const next = nextCommands(store, analysis)
    if (given.flag('no-serve')) {
      return {
        document: { report, analysis, next },
        text: `${describeAnalysis(analysis)}\n\nreport: ${report}\n\n${next.join('\n')}`,
      }
    }
    const server = await serveReport(report, given.whole('port', 0)!)
    tell(
      `${describeAnalysis(analysis)}\n\nreport: ${server.url} (also ${report})\n\nwhat you may want next:\n${next.map((line) => `  ${line}`).join('\n')}\n\nCtrl-C ends it`,
    )
    if (!given.flag('no-open')) openInBrowser(server.url)
    await server.untilStopped(work.signal)
    return { document: { report, analysis, next }, text: '' }
  },
}

async function prepare({ store, given, tell, work }: Surroundings): Promise<{ analysis: Analysis; report: string }> {
  const isNew = !existsSync(join(store, 'warehouse.duckdb'))
  return withNewStore(store, async (warehouse) => {
    const wasIncomplete = await isDemoIncomplete(warehouse)
    if (wasIncomplete) await removeIncompleteDemo(warehouse)
    if (isNew || wasIncomplete) {
      const summary = await makeDemo(
        warehouse,
        { scenario: given.text('scenario') as ScenarioName, customers: given.whole('customers', 1)! },
        work,
      )
      tell(describeDemo(summary))
    }
    await analyze(warehouse, readAnalyzeOptions(given), work)
    const analysis = await readAnalysis(warehouse)
    return { analysis, report: await keepReport(store, analysis) }
  })
}

function nextCommands(store: string, analysis: Analysis): string[] {
  const { lifetime } = analysis.predictions
  const customer = lifetime.found ? lifetime.top[0]?.customerId : undefined
  const segment = analysis.plan.find(({ family }) => family === 'rfm')?.segmentId ?? 'rfm.champions'
  return [
    'npx rapport import orders shop.csv --store ./my-shop      # your own data, in a store of its own',
    `npx rapport customer ${customer ?? 'ID'} --store ${store}      # everything about one customer`,
    `npx rapport segments export ${segment} --store ${store} > audience.csv      # an audience with its consents`,
  ]
}
