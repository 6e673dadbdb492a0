import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { makeDemo } from '../../demo/index.ts'
import {
  customerNow,
  declareSegments,
  type LiveCopy,
  previewSegment,
  segmentJson,
  shippedSegments,
  warehouseStanding,
} from '../../segments/index.ts'
import { keepList } from '../../segments/live/stored-lists.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { openTestLive } from '../served-store.contract.ts'

// The live copy, the warehouse's standing and previews say the same of everybody: each shipped segment on a demo shop, with
// the categories that the shop has; a list that names some by ids of before they were joined, and somebody of whom nothing
// else is known; and rules about what nobody did, one of which asks for nothing that anybody did, in a shop that knows some by
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
const ids = [...shipped.map(({ id }) => id), list.id, ...never.map(({ id }) => id)]
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
  await declareSegments(state.queries, [...shipped.map(segmentJson), list, ...never, ...listed])
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
  for (const { id, rule } of [...shipped, ...never]) {
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
