import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featureDefinition } from '@rapport/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { onStandings, refreshStandings, refreshStandingsOf } from '../../consent/index.ts'
import { followIdentities, partIdentities } from '../../identity/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { interpretDefined } from '../defined/interpret.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { needsOf } from '../point-in-time/needs.ts'
import { readFacts } from '../point-in-time/read-facts.ts'
import { storeBasis } from '../store-facts.ts'
import { LiveFeed } from './feed.ts'

const plan = planFeatures(
  Object.entries({
    views: { aggregate: 'count', from: { events: 'Product Viewed' } },
    spend: { aggregate: 'sum', of: 'amount', from: { lines: 'sale' } },
    orders: { aggregate: 'distinct', of: 'order_id', from: { lines: 'sale' } },
    colour: { aggregate: 'last', of: 'properties.colour', from: { events: 'Product Viewed' } },
    plan: { trait: 'plan' },
  }).map(([name, value]) => featureDefinition.parse({ name, label: name, value })),
)

const few = fc.integer({ min: 0, max: 2 })
const mostly = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { freq: 3, nil: undefined })
const ids = fc
  .record({ userId: mostly(few.map((n) => `u${n}`)), anonymousId: mostly(few.map((n) => `a${n}`)) })
  .filter(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined)

/** What happens to a store, in the order in which it does. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('view' as const), ids }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('order' as const), ids, order: few }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('identify' as const), ids, plan: few }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('alias' as const), from: few, to: few }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unmerge' as const), browser: few, user: few }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('decide' as const), ids, is: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('everybody' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('drain' as const, 'follow' as const, 'catch up' as const) }),
  },
)
type Happening = typeof happening extends fc.Arbitrary<infer One> ? One : never

const everybody = [0, 1, 2].flatMap((n) => [`u${n}`, `anonymous:a${n}`])

/** A store with its log and identities, and the feed beside it. */
async function openStore(folder: string) {
  const warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR')`)
  const state = await openState(folder)
  let log: EventLog | undefined
  const feed = await LiveFeed.open({
    ...{ warehouse, plan, settle: async () => log?.settle() },
    listener: {
      take: (_, apply) => apply(),
      remove: () => {},
      isNew: () => false,
      settled: async () => {},
      rebuilt: async () => {},
    },
  })
  await feed.build()
  // As the server does, nobody who is joined waits for features.
  const running: Promise<void>[] = []
  onStandings(warehouse, async (touched) => {
    running.push(feed.touched(touched))
  })
  const joined = (receivedIds: readonly string[]) => refreshStandingsOf(warehouse, receivedIds, { areMoved: true })
  const identities = await followIdentities(warehouse, state, async (receivedIds) => void (await joined(receivedIds)))
  const opened = await openEventLog(warehouse, { onWritten: (events) => feed.written(events) })
  log = opened
  let calls = 0
  const begun = Date.now() - 600_000
  const call = (more: object) => {
    calls += 1
    const timestamp = new Date(begun + calls).toISOString()
    const checked = checkCall({ type: 'track', messageId: `m${calls}`, timestamp, ...more }, undefined, Date.now())
    if (!('event' in checked)) throw new Error(checked.rejection.reason)
    return opened.append([checked.event])
  }

  const happen = async (one: Happening): Promise<unknown> => {
    switch (one.kind) {
      case 'view':
        return call({ event: 'Product Viewed', properties: { colour: `c${calls}` }, ...one.ids })
      case 'order': {
        const products = [{ product_id: 'p', price: 12.5, quantity: 1 }]
        const properties = { order_id: `o${one.order}`, currency: 'EUR', products }
        return call({ event: 'Order Completed', properties, ...one.ids })
      }
      case 'identify':
        return call({ type: 'identify', traits: { plan: `p${one.plan}` }, ...one.ids })
      case 'alias':
        return one.from === one.to
          ? undefined
          : call({ type: 'alias', previousId: `u${one.from}`, userId: `u${one.to}` })
      case 'unmerge': {
        const pair = [`anonymous:a${one.browser}`, `user:u${one.user}`] as const
        const moved = await partIdentities(warehouse, state, ...pair).catch(() => undefined)
        if (moved === undefined) return undefined
        return joined(moved.flatMap(({ from, to }) => [to, ...(from === undefined ? [] : [from])]))
      }
      case 'decide': {
        const { userId, anonymousId } = one.ids
        const id = userId ?? `anonymous:${anonymousId}`
        await warehouse.run(
          `insert into consents values ($id, 'profiling', $is, 'consent', make_timestamptz(epoch_us(now()) + nextval('batch_ids')), 1)`,
          { id, is: one.is },
        )
        return refreshStandingsOf(warehouse, [id])
      }
      case 'everybody':
        return refreshStandings(warehouse)
      case 'drain':
        return opened.settle()
      case 'follow':
        await opened.settle()
        return identities.catchUp(opened.position)
      case 'catch up':
        return feed.catchUp(opened.position)
    }
  }

  const settle = async (): Promise<void> => {
    await happen({ kind: 'follow' })
    await Promise.all(running)
    for (let turn = 0; turn === 0 || feed.features.behind > 0; turn += 1) {
      if (turn > 200) throw new Error(`${feed.features.behind} were still behind after 200 turns`)
      await feed.catchUp(opened.position)
      if (feed.features.behind > 0) await new Promise((wait) => setTimeout(wait, 20))
    }
  }

  const live = (customer: string) =>
    plan.features.map(({ name, tree }) => {
      const value = tree.kind === 'leaf' ? feed.features.leafValue([customer], tree.leaf, Date.now()) : undefined
      return [name, value]
    })
  /** As the reference makes it of what the warehouse has. */
  const stored = async (customer: string) => {
    const basis = await storeBasis(warehouse, Date.now())
    const known = await readFacts(warehouse, needsOf(plan), basis, { kind: 'customer', ids: [customer] })
    const history = { ...known, timezone: basis.timezone }
    return plan.features.map(({ name }) => [name, interpretDefined(plan, name, history, [customer], Date.now())])
  }
  const close = async (): Promise<void> => {
    await opened.close()
    await Promise.all(running)
    await state.close()
    await warehouse.close()
  }
  return { happen, settle, live, stored, close }
}

it('says of everybody what the warehouse says, whoever is joined, parted, in doubt, or decides', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (happenings) => {
      const folder = mkdtempSync(join(tmpdir(), 'rapport-feed-'))
      const store = await openStore(folder)
      try {
        for (const one of happenings) await store.happen(one)
        await store.settle()
        const found = Object.fromEntries(everybody.map((id) => [id, store.live(id)]))
        const expected: Record<string, unknown> = {}
        for (const id of everybody) expected[id] = await store.stored(id)
        expect(found).toEqual(expected)
      } finally {
        await store.close()
        rmSync(folder, { recursive: true })
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
}, 600_000)
