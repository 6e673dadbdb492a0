import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import type { Fact } from '../defined/fact.ts'
import { storeBasis } from '../store-facts.ts'
import type { Needs } from './needs.ts'
import { readFacts, readFactsInBlocks, type WantedFacts } from './read-facts.ts'
import { type EventRow, storeEventRows, storeLineRows } from './stored-facts.contract.ts'

const asOf = Date.UTC(2024, 4, 15)
let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-facts-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR')`)
})

afterEach(async () => {
  for (const table of ['events', 'order_lines', 'products', 'customers', 'identity_map', 'batches', 'scores'])
    await warehouse.run(`delete from ${table}`)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const nothing: Needs = { event: null, line: null, traits: [], scores: [], nobodys: false }
const events = (...fields: string[]): Needs => ({ ...nothing, event: { names: null, fields } })

async function factsOf(needs: Needs, customers: readonly string[] = ['ada']): Promise<readonly Fact[]> {
  return (await readFacts(warehouse, needs, await storeBasis(warehouse, asOf), { kind: 'customer', ids: customers }))
    .facts
}

async function fieldOf(field: string, row: Omit<EventRow, 'key' | 'at'>): Promise<string | number | undefined | null> {
  await warehouse.run('delete from events')
  await storeEventRows(warehouse, [{ key: 1, at: asOf, customer: 'ada', ...row }])
  return (await factsOf(events(field)))[0]!.fields[field]
}

it.each([
  ['"as it is"', 'as it is'],
  ['"{braced}"', '{braced}'],
  ['"[listed]"', '[listed]'],
  ['""', ''],
  ['"\\ud83d\\ude00\\u0000"', '\u{1F600}\0'],
  ['1.50', '1.5'],
  ['-0', '0'],
  ['12345678901234567890123', '12345678901234567890123'],
  ['true', 'true'],
  ['false', 'false'],
  ['null', undefined],
  ['{"b":1}', undefined],
  ['[1]', undefined],
])('reads a property %s as %j', async (json, value) => {
  expect(await fieldOf('properties.a key', { properties: `{"a key":${json}}` })).toBe(value)
})

it('reads properties of properties, and misses what is not there', async () => {
  const properties = '{"plan":{"name":"gold","":1},"list":[{"name":"x"}],"plan.name":"flat"}'
  expect(await fieldOf('properties.plan.name', { properties })).toBe('gold')
  expect(await fieldOf('properties.list.name', { properties })).toBeUndefined()
  expect(await fieldOf('properties.list.0', { properties })).toBeUndefined()
  expect(await fieldOf('properties.none', { properties: null })).toBeUndefined()
})

it.each([
  [{ price: 1_500_000, currency: null }, 1_500_000],
  [{ price: 1_500_000, currency: 'EUR' }, 1_500_000],
  [{ price: 1_500_000, currency: 'USD' }, undefined],
  [{ price: 9_000_000_000_000_000 }, 9_000_000_000_000_000],
  [{ price: 9_000_000_000_000_001 }, undefined],
])('reads a price %j in the store’s currency as %s', async (row, value) => {
  expect(await fieldOf('price', row)).toBe(value)
})

it.each([
  [0.0000005, 1],
  [-0.0000005, 0],
  [2.5, 2_500_000],
  [9e9, 9e15],
  [9.1e9, undefined],
  [-9.1e9, undefined],
  [Number.POSITIVE_INFINITY, undefined],
])('reads a quantity of %d in millionths', async (quantity, value) => {
  expect(await fieldOf('quantity', { quantity })).toBe(value)
})

it('takes a fact’s own category, else the one that the catalogue had when the fact was received', async () => {
  const known = (category: string | null, at: number) => `('p1', 1, make_timestamptz(${at * 1000}), ${category})`
  await warehouse.run(`insert into products (product_id, batch_id, known_at, category) values
    ${known(`'Women>Dresses'`, asOf)}, ${known(`'Men'`, asOf + 100)}, ${known('null', asOf + 150)}`)
  const of = (row: object) => fieldOf('category', { product: 'p1', ...row })
  expect(await of({ properties: '{"category":" Own>  Path "}' })).toBe('Own > Path')
  expect(await of({ properties: '{"category":" "}' })).toBe('Women > Dresses')
  expect(await of({ received: asOf - 1 })).toBeUndefined()
  expect(await of({ received: asOf + 99 })).toBe('Women > Dresses')
  expect(await of({ received: asOf + 200 })).toBe('Men')
  expect(await of({ product: 'p2' })).toBeUndefined()
})

it('orders facts by moment and key, whatever they are, and reads only names that count', async () => {
  const late = { key: 5, at: asOf, received: asOf + 7, customer: 'ada', name: 'A', properties: '{"x":1}' }
  await storeEventRows(warehouse, [
    late,
    { key: 3, at: asOf, customer: 'ada', name: 'A' },
    { key: 9, at: asOf - 1, customer: 'ada', name: 'A' },
    { key: 1, at: asOf, customer: 'ada', name: 'Other' },
    { key: 2, at: asOf, customer: 'bob', name: 'A' },
  ])
  await storeLineRows(warehouse, [{ key: 4, at: asOf, customer: 'ada', amount: -2_000_000, kind: 'cancellation' }])
  const needs: Needs = {
    ...nothing,
    event: { names: ['A'], fields: ['properties.x'] },
    line: { names: ['cancellation'], fields: ['amount', 'order_id'] },
  }
  const facts = await factsOf(needs)
  expect(facts.map(({ key }) => key)).toEqual([9n, 3n, 4n, 5n])
  expect(facts[2]).toEqual({
    ...{ kind: 'line', key: 4n, at: asOf, receivedAt: asOf, customerId: 'ada', name: 'cancellation', call: null },
    fields: { amount: -2_000_000, order_id: 'o1' },
  })
  expect(facts[3]).toEqual({
    ...{ kind: 'event', key: 5n, at: asOf, receivedAt: asOf + 7, customerId: 'ada', name: 'A', call: 'track' },
    fields: { 'properties.x': '1' },
  })
})

it('reads traits of imports and identify calls under the customer that they belong to now', async () => {
  const record = (id: string, batch: number, at: number | null, rest: string) =>
    `('${id}', ${batch}, ${at === null ? 'null' : `make_timestamptz(${at * 1000})`}, ${rest})`
  await warehouse.run(`insert into customers (customer_id, batch_id, known_at, birth_date, income, traits) values
    ${record('ada', 1, asOf, `'1980-05-01', 30000, '{"plan":{"name":"gold"}}'`)},
    ${record('old-ada', 1, asOf + 1, `null, 0.5, null`)},
    ${record('ada', 1, null, `'1999-01-01', null, null`)}`)
  await warehouse.run(`insert into identity_map values ('old-ada', 'ada', make_timestamptz(0))`)
  await storeEventRows(warehouse, [
    {
      ...{ key: 7, at: asOf, received: asOf + 5, customer: 'ada', call: 'identify', name: 'identify' },
      properties: '{"birthday":"1980-05-02","plan":{"name":"silver"}}',
    },
  ])
  const needs = { ...nothing, traits: ['birth_date', 'income', 'plan.name'] }
  const { traits } = await readFacts(warehouse, needs, await storeBasis(warehouse, asOf), {
    kind: 'customer',
    ids: ['ada'],
  })
  expect(traits.map(({ trait, value, knownAt, key }) => [trait, value, knownAt - asOf, key])).toEqual([
    ['birth_date', '1980-05-01', 0, 1n],
    ['income', '30000', 0, 1n],
    ['plan.name', 'gold', 0, 1n],
    ['income', '0.5', 1, 1n],
    ['birth_date', '1980-05-02', 5, 7n],
    ['plan.name', 'silver', 5, 7n],
  ])
})

it('knows what an import without dates says from the import on', async () => {
  await warehouse.run(`
    insert into batches values (4, 'customers', '[]', '{}', '{}', make_timestamptz(${asOf * 1000}), 1, 1, 0, 0, null);
    insert into customers (customer_id, batch_id, gender) values ('ada', 4, 'f')`)
  const needs = { ...nothing, traits: ['gender'] }
  const { traits } = await readFacts(warehouse, needs, await storeBasis(warehouse, asOf), {
    kind: 'customer',
    ids: ['ada'],
  })
  expect(traits).toEqual([{ customerId: 'ada', key: 4n, knownAt: asOf, trait: 'gender', value: 'f' }])
})

it('reads many facts in blocks by moment and key, and leaves no table behind', async () => {
  const names = ['anna', 'bob', 'zoë', null]
  await warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at)
    select n, 1, ['anna', 'bob', 'zoë', null][1 + n % 4], 'track', 'A', make_timestamptz(n // 2 * 1000), make_timestamptz(0)
    from range(120000) as t(n) order by hash(n)`)
  await warehouse.run(`insert into customers (customer_id, batch_id, known_at, gender) values
    ('aaron', 1, make_timestamptz(0), 'm'), ('zoë', 1, make_timestamptz(0), 'f')`)
  await warehouse.run(
    `insert into scores values ('bob', 'lapse_probability', 0.25, null, null, null, 'm1', make_timestamptz(9000))`,
  )
  const needs: Needs = { ...events(), traits: ['gender'], scores: ['lapse_probability'] }
  const wanted = { kind: 'customer', ids: ['anna', 'bob', 'zoë', 'aaron'] } as const
  const { facts, traits, scores } = await readFactsInBlocks(warehouse, needs, await storeBasis(warehouse, asOf), wanted)
  const seen: Fact[] = []
  for await (const block of facts) seen.push(...block)
  const all = Array.from({ length: 120_000 }, (_, at) => BigInt(at))
  expect(seen.map(({ key }) => key)).toEqual(all.filter((at) => at % 4n !== 3n))
  expect(seen.slice(0, 3).map(({ customerId }) => customerId)).toEqual(names.slice(0, 3))
  expect([...traits, ...scores].map(({ customerId }) => customerId)).toEqual(['aaron', 'zoë', 'bob'])
  const left = await warehouse.rows(`select table_name from duckdb_tables() where temporary`)
  expect(left).toEqual([])
})

it('reads what belongs to a product or a category, and what came after a place of the log', async () => {
  const [dress, coat] = ['{"category":"Women>Dresses"}', '{"category":"Women > Coats"}']
  await storeEventRows(warehouse, [
    { key: 1, at: asOf, customer: 'ada', product: 'p1', properties: dress },
    { key: 2, at: asOf, customer: null, product: 'p2', properties: coat },
  ])
  await warehouse.run('update events set position = event_key')
  await storeLineRows(warehouse, [
    { key: 8, at: asOf - 5, customer: 'ada', product: 'p1', category: 'Women > Dresses' },
    { key: 9, at: asOf, customer: 'ada', product: 'p2', category: 'Women>Coats' },
  ])
  const needs: Needs = { ...events('category'), line: { names: null, fields: ['category'] }, nobodys: true }
  const basis = await storeBasis(warehouse, asOf)
  const keys = async (wanted: WantedFacts) =>
    (await readFacts(warehouse, needs, basis, wanted)).facts.map(({ key }) => key)
  expect(await keys({ kind: 'product', ids: ['p1'] })).toEqual([8n, 1n])
  expect(await keys({ kind: 'category', ids: ['Women > Coats'] })).toEqual([2n, 9n])
  expect(await keys({ kind: 'since', position: 1 })).toEqual([2n, 9n])
  expect(await keys({ kind: 'since', position: 2 })).toEqual([])
})
