import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { storeEventRows, storeLineRows } from '../../features/point-in-time/stored-facts.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { compileSegments } from '../live/compile.ts'
import { readSegmentDefinition } from '../live/segment-definition.ts'
import { neverSeen } from './never-seen.ts'

let folder: string
let warehouse: Warehouse
const at = Date.UTC(2024, 4, 15)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-seen-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  const said = (country: string): string => JSON.stringify({ address: { country }, plan: 'gold', shoe_size: 42 })
  await storeEventRows(warehouse, [
    ...[101, 102, 103].map((key) => ({
      ...{ key, at, customer: 'ada', source: 'email', product: 'p1' },
      properties: '{"colour":"Red","category":"Men>Hats"}',
    })),
    { key: 2, at, customer: 'ada', name: 'Product Added', properties: '{"price":12}' },
    ...['DE', 'DE', 'DE', 'AT'].map((country, n) => {
      return { key: 3 + n, at, customer: `c${n}`, call: 'identify', name: '', properties: said(country) }
    }),
  ])
  await storeLineRows(warehouse, [{ key: 1, at, customer: 'ada', country: 'DE', category: 'Women > Sunglasses' }])
  await warehouse.run(`insert into products (product_id, batch_id, known_at, category) values ('p1', 1, now(), 'Home > Lamps');
    insert into scores values ('ada', 'lapse_probability', 0.5, null, null, null, 'lapse-1', now())`)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const definition = (rule: unknown, id = 'rule.it') => readSegmentDefinition({ id, name: 'It', words: 'it', rule })

async function wordsOf(rule: unknown, ...others: ReturnType<typeof definition>[]): Promise<readonly string[]> {
  const compiled = compileSegments({ segments: [...others, definition(rule)], features: [], timezone: 'UTC' })
  return (await neverSeen(warehouse, compiled, 'rule.it')).map(({ pointer, words }) => `${pointer} ${words}`)
}

const event = (name: string, where = {}) => ({ event: name, where })
const lines = (field: string, op: string, value: unknown) => ({
  feature: { aggregate: 'count', from: { lines: 'sale', where: [{ field, op, value }] } },
  ...{ op: '>=', value: 1 },
})

test('of what was seen nothing is said', async () => {
  const seen = [
    event('Product Viewed', { source: 'email', product_id: 'p1', category: 'Men>Hats', colour: 'Red' }),
    { trait: 'country', op: 'in', value: ['DE', 'AT'] },
    { trait: 'shoe_size', op: '>', value: 40 },
    { score: 'lapse_probability', op: '>', value: 0.5 },
    lines('category', 'within', 'Women'),
    lines('category', 'within', 'Home'),
    lines('category', '=', 'Women > Sunglasses'),
    lines('hour', '=', '03'),
    lines('amount', '>', 3),
  ]
  expect(await wordsOf({ any: seen })).toEqual([])
})

test.each([
  [event('Product Veiwed', { colour: 'x' }), 'the event “Product Veiwed” was never seen; similar: “Product Viewed”'],
  [{ trait: 'shoesize', op: 'known' }, 'the trait “shoesize” was never seen; similar: “shoe_size”'],
  [{ age: 'birth_date', op: '>', value: 3 }, 'the trait “birth_date” was never seen'],
  // Values that fewer than three have are not told.
  [
    { trait: 'country', op: '=', value: 'Germany' },
    '“Germany” as the trait “country” was never seen; often seen: “DE”',
  ],
  [{ trait: 'country', op: '!=', value: 'AD' }, '“AD” as the trait “country” was never seen; often seen: “DE”'],
  [
    { score: 'lapse_probablity', op: '>', value: 0 },
    'the score “lapse_probablity” was never seen; similar: “lapse_probability”',
  ],
  [
    event('Product Viewed', { color: 'Red' }),
    '“properties.color” of “Product Viewed” was never seen; similar: “properties.colour”',
  ],
  [
    event('Product Viewed', { colour: 'Rde' }),
    '“Rde” as properties.colour of “Product Viewed” was never seen; similar: “Red”',
  ],
  [
    event('Product Viewed', { source: 'emial' }),
    '“emial” as source of “Product Viewed” was never seen; similar: “email”',
  ],
  [lines('category', 'within', 'Woman'), '“Woman” as category of sale lines was never seen; similar: “Women”'],
  [
    lines('category', '=', 'Sunglasses'),
    '“Sunglasses” as category of sale lines was never seen; similar: “Women > Sunglasses”',
  ],
  [lines('country', 'in', ['DE', 'FR']), '“FR” as country of sale lines was never seen; often seen: “DE”'],
])('of %j it is said what was never seen', async (rule, words) => {
  expect(await wordsOf({ all: [{ event: 'Product Added' }, rule] })).toEqual([`/rule/all/1 ${words}`])
})

test('a segment that the rule names is looked into, and each is said once, where it is first', async () => {
  const typo = definition({ all: [{ event: 'Product Ad' }] }, 'rule.typo')
  const rule = { any: [{ event: 'Product Viewed' }, { segment: 'rule.typo' }, { event: 'Product Ad', withinDays: 2 }] }
  expect(await wordsOf(rule, typo)).toEqual([
    '/rule/any/1 the event “Product Ad” was never seen; similar: “Product Added”',
  ])
})

test('of a list nothing is said', async () => {
  const list = readSegmentDefinition({ id: 'list.it', name: 'It', words: 'it', list: true })
  const compiled = compileSegments({ segments: [list], features: [], timezone: 'UTC' })
  expect(await neverSeen(warehouse, compiled, 'list.it')).toEqual([])
})
