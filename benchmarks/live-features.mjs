// What the live copy of features costs: µs an event with 50 features, bytes a customer, and the time of a restart from a
// snapshot. Events are made from a seed: shoppers who come back for some days, one in five of them often.
//
//   node --expose-gc benchmarks/live-features.mjs [--customers 20000] [--events 400000] [--batch 20] [--warm N] [--read] [--busy]
//     [--segments] [--minutes 86400]
//
// --read also reads all features of the customer after each event; --busy has one customer do everything;
// --segments also keeps thirty segments; --minutes is the time over which it all happens, 60 days by default.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fiftyFeatures, thirtySegments } from './live/definitions.mjs'

const server = new URL('../packages/server/dist/', import.meta.url)
const built = (file) => import(new URL(file, server).href)
const { featureDefinition } = await import(new URL('../packages/protocol/dist/index.js', import.meta.url).href)
const { seededRandom } = await import(new URL('../packages/numerics/dist/index.js', import.meta.url).href)
const { planFeatures } = await built('features/defined/plan-features.js')
const { evaluateTree } = await built('features/defined/interpret.js')
const { compileSegments } = await built('segments/live/compile.js')
const { LiveSegments } = await built('segments/live/live-segments.js')
const { shippedSegments } = await built('segments/live/library/shipped-segments.js')
const { LiveFeatures } = await built('features/live/live-features.js')

const { values: given } = parseArgs({
  options: {
    customers: { type: 'string', default: '20000' },
    events: { type: 'string', default: '400000' },
    batch: { type: 'string', default: '20' },
    warm: { type: 'string' },
    read: { type: 'boolean', default: false },
    busy: { type: 'boolean', default: false },
    segments: { type: 'boolean', default: false },
    minutes: { type: 'string', default: String(60 * 24 * 60) },
  },
})
const [customers, count, batch] = [given.customers, given.events, given.batch].map(Number)

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const seeded = seededRandom(7)
const random = () => seeded.uniform()
const pick = (n) => seeded.integer(Math.floor(n))

/** In the order of their moments. */
function makeFact(index) {
  const at = start + Math.floor((index / count) * Number(given.minutes) * 60_000)
  // Half of what happens is done by a fifth of the customers.
  const who = given.busy ? 0 : random() < 0.5 ? pick(customers / 5) : pick(customers)
  const chance = random()
  return {
    kind: 'event',
    // Like keys of the log, which are hashes.
    key: (BigInt(Math.floor(random() * 2 ** 50)) << 64n) + BigInt(index),
    ...{ at, receivedAt: at, customerId: `customer-${who}`, call: 'track' },
    name: chance < 0.8 ? 'Product Viewed' : chance < 0.95 ? 'Product Added' : 'Order Completed',
    fields: {
      ...{ product_id: `product-${pick(2000)}`, category: `Category ${pick(40)}`, price: pick(200) * 1_000_000 },
      ...{ session_id: `${who}-${Math.floor(at / day)}`, source: 'web' },
    },
  }
}

const nothing = {}
const features = fiftyFeatures().map((feature) => featureDefinition.parse(feature))
const shipped = shippedSegments({ categories: ['Category 1', 'Category 2'], bigSpend: 300 })
const compiled = given.segments
  ? compileSegments({
      ...{ features, timezone: 'Europe/Berlin' },
      segments: thirtySegments(shipped.map(({ kind: _, ...segment }) => segment)),
    })
  : undefined
const plan = compiled?.plan ?? planFeatures(features)
const make = () =>
  new LiveFeatures(plan, 'Europe/Berlin', nothing, given.warm === undefined ? {} : { warm: Number(given.warm) })
const live = make()
const segments = compiled && new LiveSegments({ compiled, values: live })
let movements = 0
globalThis.gc?.()
const before = process.memoryUsage().heapUsed
let takingUs = 0
let read = 0
let position = 0
// Facts are made apart from what is measured, some at a time.
for (let index = 0; index < count; index += 20_000) {
  const facts = Array.from({ length: Math.min(20_000, count - index) }, (_, more) => makeFact(index + more))
  const began = process.cpuUsage()
  for (let at = 0; at < facts.length; at += batch) {
    const some = facts.slice(at, at + batch)
    const now = some.at(-1).receivedAt
    position += 1
    if (segments !== undefined) {
      const customers = [...new Set(some.map(({ customerId }) => customerId))]
      movements += segments.take(customers, now, () => live.take({ facts: some, position }, now)).length
      continue
    }
    const changed = live.take({ facts: some, position }, now)
    if (!given.read) continue
    for (const { key } of changed)
      for (const { tree } of plan.features)
        if (evaluateTree(tree, (leaf) => live.leafValue(key, leaf, now)) !== null) read += 1
  }
  const { user, system } = process.cpuUsage(began)
  takingUs += user + system
}
globalThis.gc?.()
const heap = process.memoryUsage().heapUsed - before
console.log(
  `features ${plan.features.length}, leaves ${plan.leaves.length}, entities ${live.size}, values read ${read}`,
)
if (segments !== undefined) console.log(`${compiled.segments.length} segments, ${movements} movements`)
console.log(`µs of processor an event: ${(takingUs / count).toFixed(2)}`)
console.log(
  `bytes a customer: ${Math.round(live.bytes() / live.size)} counted, ${Math.round(heap / live.size)} of heap`,
)
console.log(`behind (late or beyond a bound): ${live.behind}`)

let due = 0
const began = performance.now()
for (let some = live.due(start + 61 * day); some.length > 0; some = live.due(start + 61 * day)) due += some.length
console.log(`due by time: ${due} entities in ${(performance.now() - began).toFixed(0)} ms`)

const folder = await mkdtemp(join(tmpdir(), 'rapport-live-'))
const path = join(folder, 'live')
const saving = performance.now()
await live.save(path, 'shop')
const saved = performance.now()
const again = make()
const outcome = await again.restore(path, 'shop')
const restored = performance.now()
console.log(
  `snapshot: ${((await stat(path)).size / again.size).toFixed(0)} bytes a customer, written in ${(saved - saving).toFixed(0)} ms, ` +
    `${outcome} in ${(restored - saved).toFixed(0)} ms`,
)
await rm(folder, { recursive: true })
