import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { declareFeatures, shippedFeatures, valuesAsOf } from '../../features/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { LiveCopy } from '../live/live-copy.ts'
import { MovementJournal } from '../movements/movement-journal.ts'
import { pairsNow } from './customer-pairs.ts'

const start = Date.UTC(2024, 4, 15, 12)
const dayMs = 86_400_000

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let copy: LiveCopy
let journal: MovementJournal

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: start })
  folder = mkdtempSync(join(tmpdir(), 'rapport-pairs-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  state = await openState(folder)
  const interests = shippedFeatures().filter(({ name }) => ['category_interest', 'product_interest'].includes(name))
  // What somebody viewed last with a product: the list, a text.
  const list = { aggregate: 'last', of: 'properties.list', from: { events: 'Product Viewed' } }
  await declareFeatures(state.queries, [
    ...interests,
    { name: 'seen_in', label: 'where it was seen', entity: 'customer-product', value: list },
    { name: 'views', label: 'views', value: { aggregate: 'count', from: { events: 'Product Viewed' } } },
  ])
  journal = await MovementJournal.open(warehouse, {
    onFailure: (error) => {
      throw error
    },
  })
  copy = await LiveCopy.open({
    ...{ warehouse, state, settle: async () => log?.settle(), journal, onStart: () => undefined },
  })
  log = await openEventLog(warehouse, { onWritten: (events) => copy.written(events) })
  await copy.build()
})

afterEach(async () => {
  await copy.stop()
  await log.close()
  await journal.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
  vi.useRealTimers()
})

let messages = 0
function event(name: string, userId: string, properties: object) {
  messages += 1
  const call = { type: 'track', event: name, userId, properties, messageId: `p${messages}` }
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}

it('says of a customer with categories and products what the warehouse says, the greatest first', async () => {
  const product = (id: number) => ({ product_id: `p${id}`, category: id % 3 === 0 ? 'Shoes' : 'Hats' })
  for (let id = 1; id <= 25; id += 1) await log.append([event('Product Viewed', 'ann', product(id))])
  await log.append([event('Product Viewed', 'ann', { ...product(7), list: 'sale' })])
  vi.setSystemTime(start + 30 * dayMs)
  await log.append([event('Product Added', 'ann', product(3)), event('Product Viewed', 'bob', product(1))])
  await log.settle()

  const live = ['ann', 'bob', 'nobody'].map((id) => pairsNow(copy.standing(), id))
  const asked = { customers: ['ann', 'bob', 'nobody'], asOf: Date.now() }
  const stored = await valuesAsOf(warehouse, state.queries, asked)
  expect(live).toEqual(stored.map(({ pairs }) => pairs))
  expect(stored.map(({ values }) => values)).toEqual([{ views: 26 }, { views: 1 }, { views: 0 }])

  const [categories, products, seen] = ['category_interest', 'product_interest', 'seen_in'].map(
    (name) => live[0]!.find((pairs) => pairs.name === name)!,
  )
  // Of 26 views halved once, 18 are of hats and 8 of shoes; the one put into a cart of today counts three.
  expect(categories).toEqual({
    ...{ name: 'category_interest', entity: 'customer-category', more: 0 },
    values: [
      { key: 'Hats', value: 9 },
      { key: 'Shoes', value: 7 },
    ],
  })
  expect(products!.values.slice(0, 2)).toEqual([
    { key: 'p3', value: 3.5 },
    { key: 'p7', value: 1 },
  ])
  expect([products!.values.length, products!.more]).toEqual([20, 5])
  // Of the others the list is missing.
  expect(seen!.values).toEqual([{ key: 'p7', value: 'sale' }])
  expect(live[2]!.map(({ values }) => values)).toEqual([[], [], []])

  const one = { ...asked, features: ['category_interest'] }
  expect((await valuesAsOf(warehouse, state.queries, one))[1]).toEqual({
    ...{ customerId: 'bob', values: {} },
    pairs: [{ name: 'category_interest', entity: 'customer-category', values: [{ key: 'Hats', value: 1 }], more: 0 }],
  })
})

it('refuses features of products, which no customer has', async () => {
  const value = { aggregate: 'count', from: { events: 'Product Viewed' } }
  await declareFeatures(state.queries, [{ name: 'seen', label: 'seen', entity: 'product', value }])
  const asked = { customers: ['ann'], asOf: Date.now(), features: ['seen'] }
  await expect(valuesAsOf(warehouse, state.queries, asked)).rejects.toMatchObject({
    code: 'features.entity',
    message: expect.stringContaining('got one of a product'),
  })
})
