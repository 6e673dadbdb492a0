// How soon the live copy is whole after a start: built from the log of so many customers and events, with fifty declared
// features and the shipped segments, and gone on from where it was at a clean stop and after kill -9. The program as it is
// started, in its own process; events are written straight into the warehouse, since how they get there is measured elsewhere.
//
//     node benchmarks/live-start.mjs [--customers 200000] [--events 5000000]     after a build
//       --folder PATH   where the store is made, and found again by the next run
//       --only NAMES    of first,rebuild,restart,killed: first is a store that has no movements yet
//       --profile       where the time of the answering thread goes
//       --json          the figures as JSON
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fiftyFeatures, thirtySegments } from './live/definitions.mjs'

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '200000' },
    events: { type: 'string', default: '5000000' },
    folder: { type: 'string' },
    only: { type: 'string', default: 'first,rebuild,restart,killed' },
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const built = (path) => new URL(`../packages/server/dist/${path}`, import.meta.url).href
const program = here('../packages/server/bin/rapport.js')
/** As `npm start` and the units of deploy/ give it. */
const engineFlags = ['--max-semi-space-size=64']
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rapport-start-'))
const store = join(folder, 'store')
const [customers, events] = [Number(options.customers), Number(options.events)]
const run = (...words) =>
  execFileSync(process.execPath, [program, ...words, '--store', store], {
    ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  })

if (!existsSync(store)) await makeStore()
const asked = new Set(options.only.split(','))
const figures = { cores: availableParallelism(), customers, events }
for (const name of ['first', 'rebuild']) {
  if (!asked.has(name)) continue
  rmSync(join(store, 'live.snapshot'), { force: true })
  figures[name] = await timed()
}
if (asked.has('restart')) figures.restart = await timed()
if (asked.has('killed')) {
  // Ended so that the next start finds what a kill leaves.
  await timed({ kills: true })
  figures.killed = await timed()
}
if (existsSync(join(store, 'live.snapshot')))
  figures.snapshotMegabytes = Math.round(statSync(join(store, 'live.snapshot')).size / 1e6)
if (options.json) console.log(JSON.stringify(figures))
else print(figures)
if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })

/** Starts it, waits until it is whole, and stops it. */
async function timed({ kills = false } = {}) {
  const began = performance.now()
  const seconds = () => Math.round((performance.now() - began) / 10) / 100
  const server = await startServer()
  let servesAfter
  let slowestAnswer = 0
  for (;;) {
    const asking = performance.now()
    const answer = await fetch(`${server.url}/health`).catch(() => undefined)
    if (server.child.exitCode !== null) throw new Error(server.said())
    if (answer === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      continue
    }
    servesAfter ??= seconds()
    const { live } = await answer.json()
    slowestAnswer = Math.max(slowestAnswer, performance.now() - asking)
    if (live === 'ready') break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const wholeAfter = seconds()
  // What it writes for the next start is written soon after.
  for (let tries = 0; !existsSync(join(store, 'live.snapshot')) && tries < 1200; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const most = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) / 1024
  const gone = new Promise((resolve) => server.child.once('exit', resolve))
  const stopping = performance.now()
  server.child.kill(kills ? 'SIGKILL' : 'SIGINT')
  await gone
  const stopSeconds = Math.round((performance.now() - stopping) / 10) / 100
  // The line that says how the start went comes when all is done.
  const said = /live features and segments .*/.exec(server.said())?.[0]
  return {
    servesAfter,
    wholeAfter,
    liveSeconds: Number(/in ([\d.]+) s/.exec(said ?? '')?.[1]),
    slowestAnswerMs: Math.round(slowestAnswer),
    stopSeconds,
    megabytes: Math.round(most),
    said,
  }
}

async function startServer() {
  const profiling = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profiles')}`] : []
  const port = await freePort()
  const words = ['start', '--empty', '--no-open', '--port', String(port), '--store', store]
  const child = spawn(process.execPath, [...engineFlags, ...profiling, program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  return { child, said: () => said, url: `http://localhost:${port}` }
}

/** One that nobody listens on just now. */
function freePort() {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, () => {
      const { port } = listener.address()
      listener.close(() => resolve(port))
    })
  })
}

/** A store whose customers came again and again for half a year: views, carts and orders, in sessions. */
async function makeStore() {
  mkdirSync(store, { recursive: true })
  const { openWarehouse } = await import(built('warehouse/index.js'))
  const write = async (rows, batch) => {
    const warehouse = await openWarehouse(store)
    try {
      const [{ last }] = await warehouse.rows('select position as last from log_cursor')
      await warehouse.run(`insert into batches values (${batch}, 'live', '[]', '{}', '{}', now(), 0, 0, 0, 0, null)`)
      await warehouse.run(eventsSql(rows, batch, last))
      await warehouse.run("insert or ignore into store_settings values ('currency', 'EUR')")
      await warehouse.run(`update log_cursor set position = ${last + rows}`)
      await warehouse.run('checkpoint')
    } finally {
      await warehouse.close()
    }
  }
  // Without sales, which a start would look at, and that would be measured too.
  await write(events, 900)
  run('consent', 'basis', 'legitimate-interest')
  const { shippedSegments } = await import(built('segments/live/library/shipped-segments.js'))
  const shipped = shippedSegments({ categories: ['Women > Dresses', 'Men > Shirts'], bigSpend: 300 })
  const written = (name, content) => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  run('features', 'declare', written('features.json', fiftyFeatures()))
  run(
    'segments',
    'declare',
    written('segments.json', thirtySegments(shipped.map(({ kind: _, ...segment }) => segment))),
  )
}

/** Nothing random: whose an event is, and what, follows from its number. */
function eventsSql(rows, batch, last) {
  return `
  insert into events (
    event_key, batch_id, customer_id, call, name, occurred_at, received_at, session_id, product_id, quantity,
    price_micros, currency, source, message_id, body, properties, position, anonymous_id, other_id, context, repeats_ids
  )
  select
    md5_number('start ' || n), ${batch}, 'customer-' || who, 'track', name, moment, moment, who || '-' || session, 'p' || product,
    case when name = 'Product Viewed' then null else 1 end, price * 1000000, 'EUR',
    ['email', 'organic', 'paid-social', 'direct'][1 + (who % 4)], null, null,
    json_object('category', ['Women > Dresses', 'Men > Shirts', 'Women > Shoes', 'Home'][1 + (product % 4)], 'price', price)::varchar,
    n, null, null, null,
    -- As the wire marks events that show the ids of one before them.
    row_number() over (partition by who order by n) > 1
  from (
    select n, (hash(n) % ${customers})::bigint as who, (hash(n, 1) % 500)::bigint as product, (5 + hash(n, 2) % 80)::bigint as price,
      n * 37 // ${Math.max(1, Number(options.events))} as session,
      case when hash(n, 3) % 20 = 0 then 'Order Completed' when hash(n, 3) % 5 = 0 then 'Product Added' else 'Product Viewed' end as name,
      now()::timestamptz - to_seconds(((${events} - n) * 15552000.0 / ${events})::bigint) as moment
    from (select range::bigint + 1 + ${last} as n from range(${rows}))
  )
  order by n`
}

function print({ cores, customers, events, snapshotMegabytes, ...starts }) {
  console.log(`${customers.toLocaleString('en')} customers, ${events.toLocaleString('en')} events, ${cores} cores`)
  for (const [name, { servesAfter, wholeAfter, slowestAnswerMs, stopSeconds, megabytes, said }] of Object.entries(
    starts,
  )) {
    console.log(
      `${name.padEnd(8)} serves after ${servesAfter} s, whole after ${wholeAfter} s, slowest answer until then ${slowestAnswerMs} ms, ` +
        `stopped in ${stopSeconds} s, ${megabytes} MB at most`,
    )
    if (said) console.log(`         ${said}`)
  }
  if (snapshotMegabytes !== undefined) console.log(`snapshot: ${snapshotMegabytes} MB`)
}
