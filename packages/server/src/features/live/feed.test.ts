import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featureDefinition } from '@rapport/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { onStandings, refreshStandings, refreshStandingsOf } from '../../consent/index.ts'
import { followIdentities } from '../../identity/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { orderLinesOf } from '../../ingestion/live/order-rows.ts'
import { type LogFollower, openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { interpretDefined } from '../defined/interpret.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { computeDefined } from '../point-in-time/compute-defined.ts'
import { needsOf } from '../point-in-time/needs.ts'
import { readFacts } from '../point-in-time/read-facts.ts'
import { storeBasis } from '../store-facts.ts'
import { LiveFeed } from './feed.ts'
import type { FeedListener } from './feed-listener.ts'

const sales = { lines: 'sale' }
const plan = planFeatures(
  Object.entries({
    views: { aggregate: 'count', from: { events: 'Product Viewed' } },
    orders: { aggregate: 'distinct', of: 'order_id', from: sales },
    spend: { aggregate: 'sum', of: 'amount', from: sales },
    dresses: {
      ...{ aggregate: 'count' },
      from: { lines: 'sale', where: [{ field: 'category', op: 'within', value: 'Women' }] },
    },
    colour: { aggregate: 'last', of: 'properties.colour', from: { events: 'Product Viewed' } },
    plan: { trait: 'plan' },
    hour: { aggregate: 'most-frequent', of: 'hour', from: { events: true } },
    favourite: {
      ...{ aggregate: 'strongest', of: 'product_id', halfLife: { count: 30, unit: 'day' } },
      ...{ from: { events: 'Product Viewed' }, also: [{ from: sales, times: 5 }] },
    },
    visit: { aggregate: 'count', from: { events: true }, window: { session: 'current' } },
  }).map(([name, value]) => featureDefinition.parse({ name, label: name, value })),
)

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog | undefined
let feed: LiveFeed
let identities: LogFollower
let told: string[]

const listener: FeedListener = {
  take: (customers, apply, because) => {
    apply()
    if (customers.length > 0) told.push(`${because} ${[...customers].sort().join(' ')}`)
  },
  remove: (customers, because) => {
    if (customers.length > 0) told.push(`gone ${because} ${customers.join(' ')}`)
  },
  isNew: () => false,
  settled: async () => undefined,
  rebuilt: async () => {
    told.push('rebuilt')
  },
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-feed-'))
  told = []
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR'), ('timezone', 'Asia/Kolkata')`)
  state = await openState(folder)
  feed = await LiveFeed.open({ warehouse, plan, listener, settle: async () => log?.settle() })
  await feed.build()
  onStandings(warehouse, (touched) => feed.touched(touched))
  identities = await followIdentities(warehouse, state, async (ids) => {
    await refreshStandingsOf(warehouse, ids, { areMoved: true })
  })
  log = await openEventLog(warehouse, { onWritten: (events) => feed.written(events) })
})

afterEach(async () => {
  await log?.close()
  log = undefined
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

let messages = 0
const call = (more: object) => {
  messages += 1
  // Of one moment the key would decide which is later.
  const timestamp = new Date(Date.now() - 60_000 + messages).toISOString()
  const checked = checkCall({ type: 'track', messageId: `m${messages}`, timestamp, ...more }, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const view = (colour: string, more: object = {}) =>
  call({ event: 'Product Viewed', userId: 'ann', properties: { product_id: 'p1', colour }, ...more })
const order = (id: string, more: object = {}) => {
  const products = [{ product_id: 'p1', price: 12.5, quantity: 2, category: 'Women > Dresses' }]
  return call({
    event: 'Order Completed',
    userId: 'ann',
    properties: { order_id: id, currency: 'EUR', products },
    ...more,
  })
}

async function settle(): Promise<void> {
  await log!.settle()
  await identities.catchUp(log!.position)
  for (let turn = 0; turn < 20 && (turn === 0 || feed.features.behind > 0); turn += 1) {
    await feed.catchUp(log!.position)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const now = (customer: string): Record<string, unknown> =>
  Object.fromEntries(
    plan.features.map(({ name, tree }) => [
      name,
      tree.kind === 'leaf' ? feed.features.leafValue([customer], tree.leaf, Date.now()) : undefined,
    ]),
  )

/** What the reference makes of what the warehouse has. */
async function then(customer: string): Promise<Record<string, unknown>> {
  const basis = await storeBasis(warehouse, Date.now())
  const known = await readFacts(warehouse, needsOf(plan), basis, { kind: 'customer', ids: [customer] })
  const history = { ...known, timezone: basis.timezone }
  return Object.fromEntries(
    plan.features.map(({ name }) => [name, interpretDefined(plan, name, history, [customer], Date.now())]),
  )
}

it('has an event in before it is acknowledged, and the warehouse says the same', async () => {
  await log!.append([view('red'), order('o1'), view('blue', { context: { sessionId: 's1' } })])
  expect(now('ann')).toMatchObject({ views: 2, orders: 1, spend: 25, dresses: 1, colour: 'blue' })
  expect(told).toEqual(['rebuilt', 'event ann'])
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
})

it.each([1e21, -2.5e-9, 123456789012, 0.1, true, 'ü\u{1F600}', ' ', null, ['x'], { a: 1 }])(
  'reads a property %j as the warehouse does',
  async (colour) => {
    const properties = { product_id: 'p1', colour }
    await log!.append([call({ event: 'Product Viewed', userId: 'ann', properties })])
    const before = now('ann')
    await settle()
    expect(before).toEqual(await then('ann'))
  },
)

it('takes an order’s line once, in however many events it comes', async () => {
  await log!.append([order('o1')])
  await settle()
  await log!.append([order('o1'), order('o1')])
  expect(now('ann')['spend']).toBe(25)
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
})

it('has as the favourite what weighs the most, and of two that weigh the same the smaller', async () => {
  const timestamp = new Date(Date.now() - 60_000).toISOString()
  const viewed = (product_id: string) =>
    call({ event: 'Product Viewed', userId: 'ann', properties: { product_id }, timestamp })
  await log!.append([viewed('p3'), viewed('p2')])
  expect(now('ann')['favourite']).toBe('p2')
  await log!.append([viewed('p3')])
  expect(now('ann')['favourite']).toBe('p3')
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
  // A line of p1 weighs as five views.
  await log!.append([order('o1')])
  expect(now('ann')['favourite']).toBe('p1')
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
  const [row] = await computeDefined(warehouse, plan, { asOf: Date.now() })
  expect(row!.values).toMatchObject({ favourite: 'p1', hour: now('ann')['hour'] })
})

it('knows a trait once the warehouse does', async () => {
  await log!.append([call({ type: 'identify', userId: 'ann', traits: { plan: 'gold' } }), view('red')])
  await settle()
  expect(now('ann')).toMatchObject({ plan: 'gold', views: 1 })
  expect(now('ann')).toEqual(await then('ann'))
})

it('follows a merge: what the browser did is the customer’s', async () => {
  await log!.append([view('red', { userId: undefined, anonymousId: 'x' })])
  expect(now('anonymous:x')['views']).toBe(1)
  await log!.append([view('blue', { anonymousId: 'x' })])
  await settle()
  expect(now('ann')).toMatchObject({ views: 2, colour: 'blue' })
  expect(now('anonymous:x')['views']).toBe(0)
  expect(told).toContain('gone identity anonymous:x')
  await log!.append([view('green', { userId: undefined, anonymousId: 'x' })])
  expect(now('ann')).toMatchObject({ views: 3, colour: 'green' })
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
})

it('lets go of whoever may not be profiled, and takes them in again', async () => {
  await log!.append([view('red')])
  await settle()
  const says = (is: boolean) =>
    warehouse.run(`insert into consents values ('ann', 'profiling', ${is}, 'consent', now(), 1)`)
  await says(false)
  await refreshStandingsOf(warehouse, ['ann'])
  await log!.append([view('blue')])
  expect(now('ann')['views']).toBe(0)
  expect(told).toContain('gone consent ann')
  await says(true)
  await refreshStandingsOf(warehouse, ['ann'])
  await settle()
  expect(now('ann')).toMatchObject({ views: 2, colour: 'blue' })
})

it('knows nothing any more of whoever was erased', async () => {
  await log!.append([view('red', { anonymousId: 'x' }), order('o1')])
  await settle()
  await warehouse.run('delete from events; delete from order_lines; delete from identity_map')
  await feed.forget(['ann', 'anonymous:x'])
  expect(now('ann')).toEqual(await then('ann'))
  expect(told.at(-1)).toBe('gone erasure ann anonymous:x')
  await settle()
  expect(now('ann')).toMatchObject({ views: 0, orders: 0, colour: null })
})

it('takes in what an import brought, and what is written while it does', async () => {
  await log!.append([view('red')])
  await settle()
  await warehouse.run(`insert into batches values (2, 'orders', '[]', '{}', '{}', now(), 1, 1, 0, 0, null)`)
  await warehouse.run(`insert into order_lines
    (line_key, batch_id, order_id, customer_id, quantity, unit_price_micros, amount_micros, currency, kind, ordinal, occurred_at, received_at)
    values (7, 2, 'old', 'ann', 1, 5000000, 5000000, 'EUR', 'sale', 0, make_timestamptz(0), make_timestamptz(0))`)
  const building = refreshStandings(warehouse)
  await log!.append([view('blue')])
  await building
  expect(now('ann')).toMatchObject({ views: 2, orders: 1, spend: 5, colour: 'blue' })
  await settle()
  expect(now('ann')).toEqual(await then('ann'))
})

it('reads nobody again to whom a browser is given that did nothing yet', async () => {
  await log!.append([view('red'), order('o1')])
  await settle()
  told = []
  await log!.append([view('blue', { anonymousId: 'new' })])
  await settle()
  expect(feed.customerOf('anonymous:new')).toBe('ann')
  expect(told).toEqual(['event ann', 'gone identity anonymous:new'])
  expect(now('ann')).toEqual(await then('ann'))
})

it('reads nobody again whose order’s lines are new', async () => {
  await log!.append([order('o1')])
  told = []
  await settle()
  expect(told).toEqual([])
  expect(now('ann')).toEqual(await then('ann'))
})

it('takes a line back that an import had brought before', async () => {
  const lines = orderLinesOf(order('o1'), 'EUR')
  await warehouse.run(`insert into batches values (2, 'orders', '[]', '{}', '{}', now(), 1, 1, 0, 0, null)`)
  await warehouse.run(
    `insert into order_lines
    (line_key, batch_id, order_id, customer_id, quantity, unit_price_micros, amount_micros, currency, kind, ordinal, occurred_at, received_at)
    values ($key::uhugeint, 2, 'o1', 'bob', 1, 5000000, 5000000, 'EUR', 'sale', 0, make_timestamptz(0), make_timestamptz(0))`,
    { key: String(lines[0]!.key) },
  )
  await log!.append([order('o1'), order('o2')])
  expect(now('ann')['spend']).toBe(50)
  await settle()
  expect(now('ann')['spend']).toBe(25)
  expect(now('ann')).toEqual(await then('ann'))
})

it.each([
  ['was not profiled', `insert into consents values ('anonymous:x', 'profiling', false, 'consent', now(), 1)`],
  ['was', `select 1`],
])('has what a browser did that %s before it was somebody’s', async (_, decision) => {
  await warehouse.run(decision)
  await refreshStandingsOf(warehouse, ['anonymous:x'])
  await log!.append([view('red', { userId: undefined, anonymousId: 'x' })])
  await settle()
  await warehouse.run(`update consents set is_granted = true, occurred_at = now() where customer_id = 'anonymous:x'`)
  await log!.append([view('blue', { anonymousId: 'x' })])
  await settle()
  expect(now('ann')).toMatchObject({ views: 2 })
  expect(now('ann')).toEqual(await then('ann'))
})

it('has the traits of a browser that identified itself, whose word the warehouse has not yet', async () => {
  await log!.append([call({ type: 'identify', userId: undefined, anonymousId: 'x', traits: { plan: 'gold' } })])
  await log!.append([view('blue', { anonymousId: 'x' })])
  await log!.settle()
  await identities.catchUp(log!.position)
  await settle()
  expect(now('ann')).toMatchObject({ plan: 'gold', views: 1 })
  expect(now('ann')).toEqual(await then('ann'))
})
