import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../../base/index.ts'
import { profileEverybody } from '../../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../../warehouse/index.ts'
import { storeSales } from '../../planted-shop.contract.ts'
import { whatIsAbsent } from './absent.ts'
import { readOutcomes } from './cuts.ts'
import { readDefinition } from './definition.ts'

// Four customers whose events and traits are written out below, one before and some after the cut.

const cut = Date.UTC(2025, 0, 1)
const ids = ['c0', 'c1', 'c2', 'c3']
let folder: string
let warehouse: Warehouse

const moment = (days: number): string => `make_timestamptz(${(cut + days * dayMs) * 1000})`
let written = 0
const event = (customer: string, name: string, day: number, properties: object, price = 'null'): Promise<void> => {
  written += 1
  const call = name === '' ? 'identify' : 'track'
  return warehouse.run(`insert into events
    (event_key, batch_id, customer_id, call, name, occurred_at, received_at, price_micros, currency, properties)
    values (${written}, 1, '${customer}', '${call}', '${name}', ${moment(day)}, ${moment(day)}, ${price},
      ${price === 'null' ? 'null' : "'EUR'"}, '${JSON.stringify(properties)}')`)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-outcomes-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  // c0 moves, c1 says the same again, c2 says where they live for the first time, c3 nothing new.
  await warehouse.run(`insert into customers (customer_id, batch_id, known_at, city, traits) values
    ('c0', 1, ${moment(-9)}, 'Bonn', '{"tier": "silver"}'), ('c1', 1, ${moment(-9)}, 'Bonn', null),
    ('c3', 1, ${moment(-9)}, 'Bonn', null)`)
  await event('c0', '', 3, { city: 'Trier', tier: 'gold' })
  await event('c1', '', 4, { city: 'Bonn' })
  await event('c2', '', 5, { city: 'Mainz' })
  await event('c0', 'Quiz', 2, { score: 4, level: 'hard' })
  await event('c0', 'Quiz', 6, { score: 3 })
  await event('c1', 'Quiz', 7, { score: 'many' })
  await event('c1', 'Product Added', 8, {}, '9990000')
  await storeSales(warehouse, [{ customerId: 'c3', at: cut - 9 * dayMs }])
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const asked = (target: object) => readDefinition({ name: 'x', label: 'x', horizonDays: 30, target })
const outcomes = async (target: object) => [
  ...(await readOutcomes(warehouse, asked(target), ids, { cut, knownBy: cut + 30 * dayMs })),
]

test('a trait has changed where something else is said of it after the cut, or said for the first time', async () => {
  expect(await outcomes({ kind: 'trait', trait: 'city' })).toEqual([1, 0, 1, 0])
  expect(await outcomes({ kind: 'trait', trait: 'city', becomes: 'Trier' })).toEqual([1, 0, 0, 0])
  expect(await outcomes({ kind: 'trait', trait: 'tier', becomes: 'gold' })).toEqual([1, 0, 0, 0])
})

test('events count by their properties, and sum up by a property or by the price', async () => {
  expect(await outcomes({ kind: 'happens', of: { event: 'Quiz', where: { level: 'hard' } } })).toEqual([1, 0, 0, 0])
  expect(await outcomes({ kind: 'amount', of: { event: 'Quiz', property: 'score' } })).toEqual([7, 0, 0, 0])
  const price = { event: 'Product Added', property: 'price' }
  expect(await outcomes({ kind: 'amount', of: price })).toEqual([0, 9.99, 0, 0])
  expect(await outcomes({ kind: 'happens', of: { event: 'Product Added', where: { price: 9.99 } } })).toEqual([
    0, 1, 0, 0,
  ])
})

test('a property or value that no event has is named, with those that they have', async () => {
  const because = async (target: object) => (await whatIsAbsent(warehouse, asked(target)))?.because
  expect(await because({ kind: 'amount', of: { event: 'Quiz', property: 'points' } })).toBe(
    'no event named Quiz has a number in points; its properties are level, score',
  )
  expect(await because({ kind: 'happens', of: { event: 'Quiz', where: { level: 'soft' } } })).toBe(
    'no event named Quiz has {"level":"soft"}; its properties are level, score',
  )
  expect(await because({ kind: 'amount', of: { event: 'Product Added', property: 'total' } })).toBe(
    'no event named Product Added has a number in total; its properties are currency, price',
  )
  expect(await because({ kind: 'amount', of: { event: 'Quiz', property: 'score' } })).toBeUndefined()
})
