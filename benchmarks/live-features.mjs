// What the live copy of features costs: µs an event with 50 features, bytes a customer, and the time of a restart from a
// snapshot. Events are made from a seed: shoppers who come back for some days, one in five of them often.
//
//   node --expose-gc benchmarks/live-features.mjs [--customers 20000] [--events 400000] [--batch 20] [--warm 100000] [--read] [--busy]
//
// --read also reads all features of the customer after each event; --busy has one customer do everything.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const server = new URL('../packages/server/dist/', import.meta.url)
const built = (file) => import(new URL(file, server).href)
const { featureDefinition } = await import(new URL('../packages/protocol/dist/index.js', import.meta.url).href)
const { seededRandom } = await import(new URL('../packages/numerics/dist/index.js', import.meta.url).href)
const { planFeatures } = await built('features/defined/plan-features.js')
const { evaluateTree } = await built('features/defined/interpret.js')
const { LiveFeatures } = await built('features/live/live-features.js')

const { values: given } = parseArgs({
  options: {
    customers: { type: 'string', default: '20000' },
    events: { type: 'string', default: '400000' },
    batch: { type: 'string', default: '20' },
    warm: { type: 'string', default: '100000' },
    read: { type: 'boolean', default: false },
    busy: { type: 'boolean', default: false },
  },
})
const [customers, count, batch] = [given.customers, given.events, given.batch].map(Number)

/** Fifty, of every kind: most over days, some over hours, minutes, months and sessions. */
function fifty() {
  const values = []
  const last = (n, unit, more = {}) => ({ last: { count: n, unit }, ...more })
  for (const name of ['Product Viewed', 'Product Added', 'Order Completed'])
    for (const window of [last(1, 'day'), last(7, 'day'), last(30, 'day'), { calendar: 'month' }, undefined])
      values.push({ aggregate: 'count', from: { events: name }, window })
  for (const aggregate of ['sum', 'average', 'max', 'min'])
    for (const window of [last(30, 'day'), last(365, 'day', { grain: 'day' }), undefined])
      values.push({ aggregate, of: 'price', from: { events: 'Order Completed' }, window })
  for (const name of ['Product Viewed', 'Product Added'])
    for (const aggregate of ['time-since-first', 'time-since-last', 'gap-mean', 'gap-deviation'])
      values.push({ aggregate, from: { events: name } })
  for (const window of [last(7, 'day'), last(90, 'day')]) {
    values.push({ aggregate: 'distinct', of: 'product_id', from: { events: 'Product Viewed' }, window })
    values.push({ aggregate: 'most-frequent', of: 'category', from: { events: 'Product Viewed' }, window })
  }
  values.push({ trend: { aggregate: 'count', from: { events: 'Product Viewed' }, window: last(14, 'day') } })
  values.push({
    trend: { aggregate: 'sum', of: 'price', from: { events: 'Order Completed' }, window: last(30, 'day') },
  })
  values.push({ aggregate: 'last', of: 'category', from: { events: 'Product Viewed' } })
  values.push({ aggregate: 'first', of: 'source', from: { events: true } })
  const within = { count: 4, unit: 'hour' }
  const sequence = { first: { events: 'Product Added' }, never: { events: 'Order Completed' }, within }
  values.push({ sequence, window: last(7, 'day') })
  values.push({
    sequence: { first: { events: 'Product Viewed' }, next: { events: 'Product Added' }, within },
    window: last(30, 'day'),
  })
  for (const halfLife of [
    { count: 7, unit: 'day' },
    { count: 1, unit: 'hour' },
  ])
    values.push({ aggregate: 'decayed-sum', from: { events: 'Product Viewed' }, halfLife })
  const session = { session: 'current' }
  for (const name of ['Product Viewed', 'Product Added'])
    values.push({ aggregate: 'count', from: { events: name }, window: session })
  values.push({ aggregate: 'distinct', of: 'category', from: { events: 'Product Viewed' }, window: session })
  return values.map((value, index) => featureDefinition.parse({ name: `f${index}`, label: 'it', value }))
}

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const seeded = seededRandom(7)
const random = () => seeded.uniform()
const pick = (n) => seeded.integer(Math.floor(n))

/** In the order of their moments, over 60 days. */
function makeFact(index) {
  const at = start + Math.floor((index / count) * 60 * day)
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
const plan = planFeatures(fifty())
const make = () => new LiveFeatures(plan, 'Europe/Berlin', nothing, { warm: Number(given.warm) })
const live = make()
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
