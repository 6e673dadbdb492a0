// The server with fifty declared features and thirty live segments: events a second until they are on disk and everybody
// is in their segments, how long after a request somebody is seen in a segment, and how long a profile takes to be read.
// The program as it is started, in its own process; load generator and probes beside it on the same machine.
//
//     node benchmarks/live-server.mjs [--customers 200000] [--history 400000] [--seconds 10]     after a build
//       --folder PATH   where the store is made, and found again by the next run
//       --runs N        each part so often; of them the one in the middle counts (1)
//       --bare          without features and segments: what they cost is the difference
//       --profile       also where the time of the answering thread goes (slows it down)
//       --only NAMES    of warm,load,single,entries,reads; warm has everybody do something first: what a server remembers of
//                       somebody is read when they first come after its start
//       --json          the figures as JSON
//       --verbose       says what it is at
import { execFileSync, fork, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fiftyFeatures, thirtySegments } from './live/definitions.mjs'
import { enter, read, timed } from './live/probes.mjs'

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '200000' },
    history: { type: 'string', default: '400000' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '40' },
    batch: { type: 'string', default: '100' },
    runs: { type: 'string', default: '1' },
    folder: { type: 'string' },
    bare: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    only: { type: 'string', default: 'warm,load,single,entries,reads' },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const program = here('../packages/server/bin/rapport.js')
/** As `npm start` and the units of deploy/ give it. */
const engineFlags = ['--max-semi-space-size=64']
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rapport-live-'))
const store = join(folder, 'store')
const customers = Number(options.customers)
/** The others are left to probes, whose visits must not be cut short by the load. */
const busy = Math.floor(customers * 0.98)
const note = (text) => {
  if (options.verbose) process.stderr.write(`${(performance.now() / 1000).toFixed(1)} s  ${text}\n`)
}
const run = (...words) => {
  note(words.join(' '))
  return execFileSync(process.execPath, [program, ...words, '--store', store], {
    ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  })
}
const asked = new Set(options.only.split(','))

if (!existsSync(store)) await makeStore()
const { secret } = JSON.parse(
  run('keys', 'create', 'api', `reader ${Date.now()}`, '--scope', 'customers.read', '--json'),
)
const server = await startServer()
const figures = { cores: availableParallelism(), customers }
figures.readyAfter = await untilReady()
note('ready')
await untilTaken(server)
note('at rest')
const seconds = Number(options.seconds)
const sender = `run-${Date.now()}`
const size = Number(options.batch)
let loads = 0
if (asked.has('warm')) await warm()
const paced = ({ eventsPerSecond }) => eventsPerSecond
const latest = ({ p99 }) => p99
const connections = Number(options.connections)
if (asked.has('load')) figures.load = await middle(paced, () => during({ connections, size, seconds }))
if (asked.has('single')) figures.single = await middle(paced, () => during({ connections: 10, size: 1, seconds }))
const target = { url: server.url, writeKey: server.writeKey, secret, customers, busy }
if (asked.has('entries')) {
  note('entries')
  figures.entries = await middle(latest, async () => timed(await enter(target, { seconds })))
  figures.entriesUnderLoad = await middle(latest, () => under(() => enter(target, { seconds })))
}
if (asked.has('reads')) {
  note('reads')
  figures.reads = await middle(latest, async () => timed(await read(target, { seconds })))
  figures.readsUnderLoad = await middle(latest, () => under(() => read(target, { seconds })))
}
figures.most = usageOf(server.child.pid).most
if (options.json) console.log(JSON.stringify(figures))
else print(figures)
note('stop')
await stop(server)
if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })

/** A store whose customers all did something, and then declared what is to be kept of them. */
async function makeStore() {
  mkdirSync(folder, { recursive: true })
  const filling = await startServer()
  await generate(filling, {
    connections: 40,
    size: 100,
    events: customers,
    customers,
    sender: 'first',
    everybody: true,
  })
  const more = Number(options.history) - customers
  if (more > 0) await generate(filling, { connections: 40, size: 100, events: more, sender: 'more' })
  await untilTaken(filling)
  await stop(filling)
  run('consent', 'basis', 'legitimate-interest')
  if (options.bare) return
  const { shippedSegments } = await import(
    new URL('../packages/server/dist/segments/live/library/shipped-segments.js', import.meta.url).href
  )
  const shipped = shippedSegments({ categories: ['Women > Dresses', 'Men > Shirts'], bigSpend: 300 })
  const written = (name, content) => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  // A store that was never looked at is looked at when it is first served, which would be measured too.
  run('analyze')
  run('features', 'declare', written('features.json', fiftyFeatures()))
  const segments = thirtySegments(shipped.map(({ kind: _, ...segment }) => segment))
  run('segments', 'declare', written('segments.json', segments))
}

async function startServer() {
  const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profiles')}`] : []
  const words = ['start', '--empty', '--no-open', '--port', '0', '--store', store]
  const child = spawn(process.execPath, [...engineFlags, ...profiling, program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, RAPPORT_METRICS_ACCESS: 'loopback' },
  })
  let said = ''
  await new Promise((ready, fail) => {
    child.stderr.on('data', (text) => {
      if (said.includes('Ctrl-C ends it')) process.stderr.write(text)
      said += text
      if (said.includes('Ctrl-C ends it')) ready()
    })
    child.once('exit', () => fail(new Error(said)))
    process.once('exit', () => child.kill('SIGKILL'))
  })
  return { child, url: /http:\/\/localhost:\d+/.exec(said)[0], writeKey: /wk_[\w-]+/.exec(said)[0] }
}

/** Everybody does something, as in the hours after a start. */
async function warm() {
  note('everybody does something')
  await generate(server, { connections: 40, size: 100, events: busy, sender: `${sender}-first`, everybody: true })
  await untilTaken(server)
}

async function stop({ child }) {
  child.kill('SIGINT')
  await new Promise((ended) => child.once('exit', ended))
}

/** @returns seconds until all of history was in */
async function untilReady() {
  const began = performance.now()
  for (;;) {
    const { live } = await (await fetch(`${server.url}/health`)).json()
    if (live === 'ready') return (performance.now() - began) / 1000
    await new Promise((wait) => setTimeout(wait, 50))
  }
}

function generate({ url, writeKey }, asked) {
  const child = fork(here('./live/generate.mjs'))
  child.send({ url, writeKey, customers: busy, ...asked })
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
  })
}

/** Measures so often, and gives the run in the middle: this machine may be shared. */
async function middle(by, measure) {
  const runs = []
  for (let run = 0; run < Number(options.runs); run += 1) runs.push(await measure())
  runs.sort((one, other) => by(one) - by(other))
  return { ...runs[Math.floor(runs.length / 2)], of: runs.map(by) }
}

/** A load, with what the server used meanwhile. */
async function during(asked) {
  loads += 1
  note(`events of load ${loads}`)
  await eventLoopLag()
  const before = usageOf(server.child.pid)
  const found = await generate(server, { ...asked, sender: `${sender}-${loads}` })
  const processor = usageOf(server.child.pid).processor - before.processor
  // Each question begins anew with it.
  const lag = await eventLoopLag()
  const behind = performance.now()
  await untilTaken(server)
  return {
    ...{ eventsPerSecond: found.acknowledged / found.took, ...found, processor },
    ...{ lag, takenAfter: (performance.now() - behind) / 1000 },
  }
}

/** Until what was acknowledged is in the warehouse, and whoever follows it is there, so that what is measured next begins at rest. */
async function untilTaken({ url }) {
  for (;;) {
    const answer = await fetch(`${url}/metrics`)
    const behind = [...(await answer.text()).matchAll(/^rapport_follower_lag_events\{[^}]*\} (\d+)$/gm)]
    if (behind.length > 0 && behind.every(([, events]) => events === '0')) return
    await new Promise((wait) => setTimeout(wait, 100))
  }
}

/** Probes while events come at half of what is asked for. */
async function under(probes) {
  const load = generate(server, {
    ...{ connections: 10, size: 20, perSecond: 5000, seconds: seconds + 1, sender: `${sender}-${Math.random()}` },
  })
  await new Promise((wait) => setTimeout(wait, 500))
  const found = timed(await probes())
  return { ...found, eventsPerSecond: await load.then(({ acknowledged, took }) => acknowledged / took) }
}

/** Processor time (s) and memory (MB) of a process, as Linux tells. */
function usageOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  const most = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]
  return { processor: (Number(stat[11]) + Number(stat[12])) / 100, most: Math.round(Number(most) / 1024) }
}

/** Since it was asked for last, as the server's own metrics tell it. */
async function eventLoopLag() {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  const of = (name) =>
    1000 *
    Number(new RegExp(`^nodejs_eventloop_lag_${name}_seconds(?:\\{[^}]*\\})? ([\\d.e+-]+)$`, 'm').exec(text)?.[1])
  return { p50: of('p50'), p99: of('p99'), max: of('max') }
}

function print({ readyAfter, load, single, entries, entriesUnderLoad, reads, readsUnderLoad, most }) {
  const ms = (value) => `${value.toFixed(1)} ms`
  console.log(`${customers.toLocaleString('en')} customers, ready ${readyAfter.toFixed(1)} s after it answered`)
  for (const [name, one] of Object.entries({ [`batches of ${size}`]: load, 'single requests': single })) {
    if (one === undefined) continue
    const each = (spent) => `${((spent / one.acknowledged) * 1e6).toFixed(1)} µs`
    console.log(
      `${name}: ${Math.round(one.eventsPerSecond).toLocaleString('en')} events/s; acknowledged after ${ms(one.p50)} (median), ${ms(one.p99)} (p99), ${ms(one.longest)} (longest); answers ${JSON.stringify(one.statuses)}`,
    )
    console.log(
      `  processor an event ${each(one.processor)}, generator ${each(one.generator)}; event loop held ${ms(one.lag.p50)} (median), ${ms(one.lag.p99)} (p99), ${ms(one.lag.max)} (longest); in the warehouse ${one.takenAfter.toFixed(1)} s later`,
    )
  }
  const spread = ({ n, p50, p99, longest }) => `${ms(p50)} (median), ${ms(p99)} (p99), ${ms(longest)} (longest) of ${n}`
  if (entries) {
    console.log(`request to entry seen, alone: ${spread(entries)}`)
    console.log(
      `request to entry seen, at ${Math.round(entriesUnderLoad.eventsPerSecond)} events/s: ${spread(entriesUnderLoad)}`,
    )
  }
  if (reads) {
    console.log(`profile read, alone: ${spread(reads)}`)
    console.log(`profile read, at ${Math.round(readsUnderLoad.eventsPerSecond)} events/s: ${spread(readsUnderLoad)}`)
  }
  console.log(`memory ${most} MB at most`)
}
