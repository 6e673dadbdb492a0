// How many events a second the server takes in, checked, with their identities and consents, and on disk when they are
// acknowledged: batches over loopback from a load generator beside it. The program as it is started, in its own process.
//
//     node benchmarks/ingest.mjs [--seconds 10] [--connections 40] [--batch 100]     after a build
//       --events N     until so many are acknowledged, and prints the memory on the way
//       --warehouse-memory MB   that the embedded database may hold, instead of what it does by default
//       --prototype    the least that could be called the same, instead
//       --profile      also where the time of the answering thread goes (slows it down)
//       --analyze      while the demo shop is analysed in the same process
//       --json         the figures as JSON
import { fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { whereTimeGoes } from './ingest/where-time-goes.mjs'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '40' },
    batch: { type: 'string', default: '100' },
    events: { type: 'string' },
    'warehouse-memory': { type: 'string' },
    prototype: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    analyze: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const program = here('../packages/server/bin/rapport.js')
/** As `npm start` and the units of deploy/ give it. */
const engineFlags = ['--max-semi-space-size=64']
const folder = mkdtempSync(join(tmpdir(), 'rapport-ingest-'))
const store = join(folder, 'store')
const profiles = join(folder, 'profiles')

const server = options.prototype ? await startPrototype() : await startServer()
const before = usageOf(server.child.pid)
// Each reading begins the next one: what came before the load does not count.
if (!options.prototype) await eventLoopLag(server.url)
const analysis = options.analyze ? analyse() : undefined
const memory = []
const watch = setInterval(() => memory.push(usageOf(server.child.pid).megabytes), 5000)
const found = await load(server)
clearInterval(watch)
const after = usageOf(server.child.pid)
await analysis
const lag = options.prototype ? undefined : await eventLoopLag(server.url)
const figures = {
  ...{ eventsPerSecond: found.acknowledged / found.took, ...found, lag, memory, most: after.most },
  processor: after.processor - before.processor,
}
if (options.json) console.log(JSON.stringify(figures))
else print(figures)
server.child.kill('SIGINT')
await new Promise((ended) => server.child.once('exit', ended))
if (options.profile) {
  for (const { kind, share } of whereTimeGoes(profiles))
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${kind}`)
}
rmSync(folder, { recursive: true, force: true })

function startPrototype() {
  const child = fork(here('./ingest/prototype.mjs'), [join(folder, 'log')])
  return new Promise((resolve) => child.once('message', (at) => resolve({ child, ...at })))
}

async function startServer() {
  const flags = [...engineFlags, ...(options.profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [])]
  const kind = options.analyze ? [] : ['--empty']
  const words = ['start', ...kind, '--no-open', '--port', '0', '--store', store]
  const child = spawn(process.execPath, [...flags, program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      RAPPORT_METRICS_ACCESS: 'loopback',
      ...(options['warehouse-memory'] && { RAPPORT_WAREHOUSE_MEMORY_MEGABYTES: options['warehouse-memory'] }),
    },
  })
  let said = ''
  await new Promise((ready, fail) => {
    child.stderr.on('data', (text) => {
      said += text
      if (said.includes('Ctrl-C ends it')) ready()
    })
    child.once('exit', () => fail(new Error(said)))
  })
  return { child, url: /http:\/\/localhost:\d+/.exec(said)[0], writeKey: /wk_[\w-]+/.exec(said)[0] }
}

function load({ url, writeKey }) {
  const child = fork(here('./ingest/generate.mjs'))
  child.send({
    ...{ url, writeKey, connections: Number(options.connections), size: Number(options.batch) },
    ...{ seconds: Number(options.seconds), events: options.events && Number(options.events) },
  })
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
  })
}

function analyse() {
  const child = spawn(process.execPath, [program, 'analyze', '--store', store], { stdio: 'ignore' })
  return new Promise((ended) => child.once('exit', ended))
}

/** Processor time (s) and memory (MB) of a process, as Linux tells. */
function usageOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1])
  return {
    processor: (Number(stat[11]) + Number(stat[12])) / 100,
    ...{ megabytes: Math.round(kilobytes('VmRSS') / 1024), most: Math.round(kilobytes('VmHWM') / 1024) },
  }
}

function print({ eventsPerSecond, p50, p99, longest, statuses, acknowledged, processor, generator, took, lag, most }) {
  const ms = (value) => `${value.toFixed(1)} ms`
  const each = (seconds) => `${((seconds / acknowledged) * 1e6).toFixed(1)} µs an event`
  const rate = Math.round(eventsPerSecond).toLocaleString('en')
  console.log(`${rate} events/s in batches of ${options.batch} on ${options.connections} connections`)
  console.log(`acknowledged after ${ms(p50)} (median), ${ms(p99)} (p99), ${ms(longest)} (longest)`)
  console.log(`answers ${JSON.stringify(statuses)}; ${acknowledged} events acknowledged`)
  console.log(
    `processor ${processor.toFixed(1)} s in ${took.toFixed(1)} s, ${each(processor)}; generator ${each(generator)}`,
  )
  if (lag) console.log(`event loop held back ${ms(lag.p50)} (median), ${ms(lag.p99)} (p99), ${ms(lag.max)} (longest)`)
  console.log(`memory ${memory.join(', ')} MB every five seconds, ${most} MB at most`)
}

/** As the server's own metrics tell it, where they may be read. */
async function eventLoopLag(url) {
  const answer = await fetch(`${url}/metrics`)
  if (!answer.ok) return undefined
  const text = await answer.text()
  const seconds = (name) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(text)?.[1])
  const of = (name) => seconds(`nodejs_eventloop_lag_${name}_seconds`) * 1000
  return { p50: of('p50'), p99: of('p99'), max: of('max') }
}
