import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Configuration, RapportError, readConfiguration } from '../../base/index.ts'
import { isDemoIncomplete, makeDemo, removeIncompleteDemo, type ScenarioName } from '../../demo/index.ts'
import { type Analysis, readAnalysis } from '../../insights/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { Command, Given, Outcome, Surroundings } from '../command.ts'
import { configureStore, sourcesOf } from '../configuration-of.ts'
import { describeAnalysis } from '../describe-analysis.ts'
import { exitFailure } from '../exit-codes.ts'
import { openInBrowser } from '../open-in-browser.ts'
import { serveCommands } from '../remote/serve-commands.ts'
import type { AnalyzeStore, Serve, Serving } from '../serve.ts'
import { lendStore, withNewStore } from '../with-store.ts'
import { analyzeHere, analyzeOptions, readAnalyzeOptions } from './analyze.ts'
import { describeDemo, scenarioNames } from './demo.ts'

/**
 * @param serve made in `serve-store.ts`
 * @param analyzeApart so that the server answers meanwhile
 * @param commands what a running server does for other processes
 */
export const startCommand = (
  serve: Serve,
  analyzeApart: AnalyzeStore,
  commands: () => readonly Command[],
): Command => ({
  name: 'start',
  summary: 'Makes the demo shop if there is no store, analyses, and serves the report and the API',
  isLocal: true,
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
    empty: { type: 'boolean', description: 'a new store gets no demo shop: for your own events' },
    port: { type: 'string', value: 'N', description: 'port to serve on; 0 for any (default 8787)' },
    host: { type: 'string', value: 'ADDRESS', description: 'address to serve on (default 127.0.0.1)' },
    set: {
      type: 'string',
      value: 'NAME=VALUE',
      description: 'any setting that rapport config lists',
      multiple: true,
    },
    'no-open': { type: 'boolean', description: 'do not open the report in a browser' },
    'no-serve': { type: 'boolean', description: 'end when the report is written' },
  },
  run: (surroundings) => {
    const configuration = configured(surroundings)
    const isNew = !existsSync(join(surroundings.store, 'warehouse.duckdb'))
    return withNewStore(surroundings.store, async (warehouse) => {
      await makeDemoOf(surroundings, warehouse, isNew)
      if (!surroundings.given.flag('no-serve'))
        return serveUntilStopped(surroundings, warehouse, { configuration, serve, analyzeApart }, commands())
      const { report, analysis } = await analyzed(surroundings, warehouse, analyzeHere)
      const next = nextCommands(surroundings.store, analysis)
      return {
        document: { report, analysis, next },
        text: `${describeAnalysis(analysis)}\n\nreport: ${report}\n\n${next.join('\n')}`,
      }
    })
  },
})

/** What holds for this run: what the command line says included, for the commands that the server will run too. */
function configured({ store, given }: Surroundings): Configuration {
  configureStore(store, { file: given.text('config'), commandLine: settingsOf(given) })
  return readConfiguration(sourcesOf(store))
}

function settingsOf(given: Given): Readonly<Record<string, string | undefined>> {
  const pairs = given.texts('set').map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new RapportError('cli.option', `--set must be followed by NAME=VALUE, got ${pair}`)
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
  return { ...Object.fromEntries(pairs), host: given.text('host'), port: given.text('port') }
}

/** A new store gets the demo shop, unless it is to be left empty; one whose making was stopped is made again. */
async function makeDemoOf({ given, tell, work }: Surroundings, warehouse: Warehouse, isNew: boolean): Promise<void> {
  const wasIncomplete = await isDemoIncomplete(warehouse)
  if (wasIncomplete) await removeIncompleteDemo(warehouse)
  if (!(isNew && !given.flag('empty')) && !wasIncomplete) return
  const options = { scenario: given.text('scenario') as ScenarioName, customers: given.whole('customers', 1)! }
  tell(describeDemo(await makeDemo(warehouse, options, work)))
}

interface ServeParts {
  readonly configuration: Configuration
  readonly serve: Serve
  readonly analyzeApart: AnalyzeStore
}

/** Takes events from the first moment on, also while it analyses. */
async function serveUntilStopped(
  surroundings: Surroundings,
  warehouse: Warehouse,
  { configuration, serve, analyzeApart }: ServeParts,
  commands: readonly Command[],
): Promise<Outcome> {
  const { store, given, tell, work } = surroundings
  const report = join(store, 'report.html')
  const serving = await serve(warehouse, { configuration, report, tell })
  const takeBack = lendStore(warehouse, serving)
  const remote = await serveCommands(warehouse.folder, commands)
  try {
    // The segments that others go by come first: an analysis takes the processors that they need.
    await Promise.race([serving.whole(), aborted(work.signal)])
    const found = await analyzed(surroundings, warehouse, analyzeApart).catch((error: unknown) => {
      if (!(error instanceof RapportError) || !nothingYet.has(error.code)) throw error
      tell(`nothing to analyse yet: ${error.message}`)
      return undefined
    })
    const next = found ? nextCommands(store, found.analysis) : []
    tell(`${found ? `${describeAnalysis(found.analysis)}\n\n` : ''}${describeServing(serving, found?.report, next)}`)
    if (found && !given.flag('no-open')) openInBrowser(serving.link)
    await aborted(work.signal)
    return { document: { report: found?.report ?? null, analysis: found?.analysis ?? null, next }, text: '' }
  } finally {
    const letGo = endInTime(tell)
    await serving.drain()
    await remote.stop()
    takeBack()
    await serving.stop()
    letGo()
  }
}

/** Whoever stopped the server waits for it no longer than this, ms. */
const longestEndMs = 10_000

/**
 * Ends the process though work does not let go of it: what was acknowledged is on disk, and the store is sound.
 *
 * @returns a function to call when all has ended well
 */
function endInTime(tell: (text: string) => void): () => void {
  const end = setTimeout(() => {
    tell('work did not stop in time, ended all the same: what was acknowledged is on disk')
    process.exit(exitFailure)
  }, longestEndMs)
  return () => clearTimeout(end)
}

/** A store without events or sales, as one is that has just begun to collect. */
const nothingYet = new Set(['insights.empty', 'insights.no-sales'])

const describeServing = (
  { url, link, writeKey }: Serving,
  report: string | undefined,
  next: readonly string[],
): string =>
  [
    `open: ${link} (once${report === undefined ? '' : `; the report is also ${report}`})`,
    `events: POST ${url}/v1/track with the write key ${writeKey}, as the Segment spec has it`,
    ...(next.length > 0 ? ['', 'what you may want next:', ...next.map((line) => `  ${line}`)] : []),
    '',
    'Ctrl-C ends it',
  ].join('\n')

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((done) => {
    if (signal?.aborted) done()
    else signal?.addEventListener('abort', () => done(), { once: true })
  })

async function analyzed(
  { store, given, work }: Surroundings,
  warehouse: Warehouse,
  analyze: AnalyzeStore,
): Promise<{ readonly analysis: Analysis; readonly report: string }> {
  const report = join(store, 'report.html')
  await analyze(warehouse, readAnalyzeOptions(given), report, work ?? {})
  // Who was erased or objected meanwhile is not in what is kept.
  return { analysis: await readAnalysis(warehouse), report }
}

function nextCommands(store: string, analysis: Analysis): string[] {
  const { lifetime } = analysis.predictions
  const customer = lifetime.found ? lifetime.top[0]?.customerId : undefined
  const { plan } = analysis
  const segment = (plan.find(({ family }) => family === 'rfm') ?? plan[0])?.segmentId
  return [
    'npx rapport import orders shop.csv --store ./my-shop      # your own data, in a store of its own',
    `npx rapport customer ${customer ?? 'ID'} --store ${store}      # everything about one customer`,
    ...(segment === undefined
      ? []
      : [
          `npx rapport segments export ${segment} --store ${store} > audience.csv      # an audience with its consents`,
        ]),
  ]
}
