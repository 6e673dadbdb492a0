import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { makeDemo } from '../../demo/index.ts'
import { computeFeatures } from '../../features/index.ts'
import {
  customerNow,
  declareSegments,
  discoverFamily,
  type LiveCopy,
  previewSegment,
  readLabelList,
  readLiveModels,
  segmentJson,
  shippedSegments,
  teachFamily,
  warehouseStanding,
} from '../../segments/index.ts'
import { keepList } from '../../segments/live/stored-lists.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { openTestLive } from '../served-store.contract.ts'

// The live copy, the warehouse's standing and previews say the same of everybody: each shipped segment on a demo shop, with
// the categories that the shop has; a list that names some by ids of before they were joined, and somebody of whom nothing
// else is known; families that were discovered and taught, and rules that name their segments; and rules about what nobody did, one of which asks for nothing that anybody did, in a shop that knows some by
// a record alone.

const folder = mkdtempSync(join(tmpdir(), 'rapport-now-'))
const shipped = shippedSegments({ categories: ['Women', 'Men'], bigSpend: 200, homeCountry: 'DE', highIncome: 40_000 })
const list = { id: 'list.some', name: 'Some', words: 'by hand', list: true }
const never = [
  { id: 'rule.never', name: 'Never', words: 'asked nothing', rule: { not: [{ event: 'Question Asked' }] } },
  { id: 'rule.unlisted', name: 'Unlisted', words: 'on no list', rule: { not: [{ segment: list.id }] } },
  {
    ...{ id: 'rule.quiet', name: 'Quiet', words: 'listed and silent' },
    rule: { all: [{ segment: list.id }, { event: 'Order Completed', count: { atMost: 0 } }] },
  },
]
/** Of lists, in which are those who refused to be profiled, one of whom did much and one nothing, and somebody twice. */
const listed = [
  ...['list.one', 'list.other'].map((id) => ({ id, name: id, words: 'by hand', list: true })),
  {
    ...{ id: 'rule.listed', name: 'Listed', words: 'on a list and not keen' },
    rule: {
      all: [{ any: [{ segment: 'list.one' }, { segment: 'list.other' }] }, { not: [{ segment: 'rule.engaged' }] }],
    },
  },
]
/** By what models of families say of buyers, of everybody who did anything, and of who did not. */
const named = [
  {
    id: 'rule.named',
    name: 'Named',
    words: 'of a group',
    rule: { any: [{ segment: 'kinds.1' }, { segment: 'keen.1' }] },
  },
  {
    id: 'rule.unnamed',
    name: 'Unnamed',
    words: 'of no group',
    rule: { not: [{ segment: 'kinds.1' }, { segment: 'keen.1' }] },
  },
  {
    ...{ id: 'rule.both', name: 'Both', words: 'of a group, and women' },
    rule: { all: [{ segment: 'kinds.2' }, { not: [{ segment: 'keen.1' }, { segment: 'list.other' }] }] },
  },
]
const families = [1, 2, 3]
  .map((n) => ({ id: `kinds.${n}`, rule: { segment: `kinds.${n}` } }))
  .concat({ id: 'keen.1', rule: { segment: 'keen.1' } })
const ids = [...shipped.map(({ id }) => id), list.id, ...[...never, ...named, ...families].map(({ id }) => id)]
let warehouse: Warehouse
let state: State
let live: LiveCopy
let busy: string

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  await makeDemo(warehouse, { scenario: 'fashion', customers: 400 })
  await profileEverybody(warehouse)
  await warehouse.run(
    `insert into customers (customer_id, batch_id, email) select 'recorded-' || n, 1, n || '@example.com' from range(7) as t(n)`,
  )
  await warehouse.run(`insert into identity_map select 'anonymous:before', min(customer_id), now() from known_events`)
  state = await openState(folder)
  await makeFamilies()
  const definitions = [...shipped.map(segmentJson), list, ...never, ...listed, ...named]
  await declareSegments(state.queries, definitions, await readLiveModels(warehouse))
  const [buyer] = await warehouse.rows<{ id: string }>(
    'select customer_id as id from order_lines where customer_id is not null group by all order by count(*) desc limit 1',
  )
  busy = buyer!.id
  await warehouse.run('insert into profiling_exceptions select unnest($ids::varchar[])', { ids: `[${busy}, refused]` })
  await keepList(state.queries, 'list.one', ['idle', 'twice', 'refused', busy])
  await keepList(state.queries, 'list.other', ['twice', 'refused'])
  await keepList(state.queries, list.id, ['anonymous:before', 'recorded-3', 'a stranger'])
  live = await openTestLive(warehouse, state)
  await live.build()
}, 120_000)

/** Groups of buyers by what they bought, and half of who is in one as a list that is extended. */
async function makeFamilies(): Promise<void> {
  const asOf = Date.now()
  await computeFeatures(warehouse, { asOf })
  const features = ['orders_90d', 'average_order_value', 'discounted_share']
  await discoverFamily(warehouse, { method: 'kmeans', name: 'kinds', k: 3, features, seed: 1 }, asOf)
  const buyers = await warehouse.rows<{ id: string; segment: string }>(
    "select customer_id as id, segment_id as segment from segment_members where segment_id like 'kinds.%' order by all",
  )
  const labels = buyers.flatMap(({ id, segment }, at) =>
    at % 2 === 0 ? `${id},${segment === 'kinds.1' ? 'yes' : 'no'}` : [],
  )
  const list = readLabelList(['customer_id,label', ...labels].join('\n'), 'labels.csv')
  await teachFamily(
    warehouse,
    { name: 'keen', from: { kind: 'list', list, shown: 'labels.csv' }, features, seed: 1 },
    asOf,
  )
  expect((await readLiveModels(warehouse)).models.map(({ family }) => family)).toEqual(['keen', 'kinds'])
}

afterAll(async () => {
  await live.stop()
  await live.journal.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

test('who is in each shipped segment, live and by the warehouse', async () => {
  const [now, then] = [live.standing(), await warehouseStanding({ warehouse, state })]
  let members = 0
  for (const id of ids) {
    const [here, there] = [now, then].map((standing) => [...standing.members!.members(id)].sort())
    expect([id, there]).toEqual([id, here])
    members += here!.length
  }
  expect(members).toBeGreaterThan(400)
  expect(then.members!.overlap('rule.frequent-buyers', 'rule.engaged')).toBe(
    now.members!.overlap('rule.frequent-buyers', 'rule.engaged'),
  )
})

test('previews of their rules, exact and of a thirty-second part', async () => {
  const { members } = live.standing()
  for (const { id, rule } of [...shipped, ...never, ...named, ...families]) {
    const exact = await previewSegment({ warehouse, state }, rule, { sample: 3, exactUpTo: Number.POSITIVE_INFINITY })
    expect([id, exact.customers, exact.isExact]).toEqual([id, members!.size(id), true])
    for (const { customerId, reasons } of exact.sample) {
      expect(live.segmentsOf(customerId)).toContain(id)
      expect(reasons.length).toBeGreaterThan(0)
    }
  }
  const { id: largest, rule } = [...shipped, ...never].reduce((one, other) =>
    members!.size(other.id) > members!.size(one.id) ? other : one,
  )
  const part = await previewSegment({ warehouse, state }, rule, { sample: 3, exactUpTo: -1 })
  expect([part.isExact, part.oneIn]).toEqual([false, 32])
  const [low, high] = part.between
  const size = members!.size(largest)
  expect([low <= size, size <= high]).toEqual([true, true])
})

test('who refused to be profiled is in nothing, by a list or by what they did not do', async () => {
  const standing = live.standing()
  const all = await warehouseStanding({ warehouse, state })
  const alone = await warehouseStanding({ warehouse, state }, undefined, [busy, 'refused', 'idle'])
  const asked = [busy, 'refused', 'idle']
  for (const { members } of [standing, all, alone]) {
    const found = asked.map((id) => members!.segmentsOf(id).filter((one) => one.startsWith('list.')))
    expect(found).toEqual([[], [], ['list.one']])
    expect(members!.segmentsOf(busy)).toEqual([])
  }
  for (const { isProfiled } of [standing, alone]) expect(asked.map(isProfiled)).toEqual([false, false, true])
  for (const { members } of [standing, all])
    expect([...members!.members('rule.listed')].sort()).toEqual(['idle', 'twice'])
  const { rule } = listed.at(-1) as { rule: object }
  const preview = await previewSegment({ warehouse, state }, rule)
  expect([preview.customers, preview.sample.map(({ customerId }) => customerId)]).toEqual([2, ['idle', 'twice']])
})

test('one customer, live and by the warehouse asked for them alone', async () => {
  const standing = live.standing()
  const largest = shipped
    .map(({ id }) => id)
    .sort((one, other) => standing.members!.size(other) - standing.members!.size(one))[0]!
  const [someone] = [...standing.members!.members(largest)].sort()
  const alone = await warehouseStanding({ warehouse, state }, undefined, [someone!])
  const steady = (text: string): string => text.replaceAll(/\d+\.\d+/g, 'N')
  expect(steady(JSON.stringify(customerNow(alone, [], someone!)))).toBe(
    steady(JSON.stringify(customerNow(standing, [], someone!))),
  )
})
