import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { refreshStandings } from '../consent/index.ts'
import { computeFeatures, currentFeatures, readFeatures, registeredFeatures } from '../features/index.ts'
import { randomHistory, storeHistory, testMoment } from '../features/random-history.ts'
import { parseRule, type Rule, ruleSql } from '../rules/index.ts'
import { duckdbDialect, openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { readBuyerCosts, readBuyers } from './buyers.ts'
import { csvOf, exportSegment, neutralized } from './export-segment.ts'
import { refreshSegments } from './refresh-segments.ts'
import { rfmSegments } from './rfm-segments.ts'
import { ruleSegments } from './rule-segments.ts'
import { listSegments, showSegment } from './stored-segments.ts'

let folder: string
let warehouse: Warehouse
const asOf = testMoment

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-segments-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeHistory(warehouse, randomHistory(11, 30, 900))
  await computeFeatures(warehouse, { asOf })
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function found(rule: unknown, rules: Record<string, Rule> = {}, id?: string): Promise<readonly string[]> {
  const { features } = await registeredFeatures(warehouse, currentFeatures)
  const context = {
    features,
    table: currentFeatures,
    asOf,
    rules: new Map(Object.entries(rules)),
    dialect: duckdbDialect,
  }
  return (await warehouse.columns(ruleSql(parseRule(rule), context, id))).keys('customer_id')
}

test('tests of features hold where the feature says so; a missing value meets none of them', async () => {
  const { customerIds, matrix } = await readFeatures(warehouse, currentFeatures, ['orders_90d', 'mean_gap_days'])
  const where = (holds: (orders: number, gap: number) => boolean): string[] =>
    customerIds.filter((_, row) => holds(matrix.values[2 * row]!, matrix.values[2 * row + 1]!))
  const many = { feature: 'orders_90d', op: '>=', value: 2 }
  const wide = { feature: 'mean_gap_days', op: '>', value: 40 }
  expect(await found({ all: [many, wide] })).toEqual(where((orders, gap) => orders >= 2 && gap > 40))
  expect(await found({ any: [many, wide] })).toEqual(where((orders, gap) => orders >= 2 || gap > 40))
  expect(await found({ not: [many, wide] })).toEqual(where((orders, gap) => !(orders >= 2 || gap > 40)))
  expect(await found({ feature: 'mean_gap_days', op: 'missing' })).toEqual(where((_, gap) => Number.isNaN(gap)))
  const top = await found({ feature: 'spend', op: 'top', value: 0.2 })
  expect(top.length).toBeGreaterThan(0)
  expect(top.length).toBeLessThan(0.35 * customerIds.length)
})

test('events are counted as of the moment, by their columns and properties', async () => {
  await warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, source, properties)
    select 90000 + i, 1, 'c' || i, 'track', 'Quiz', make_timestamptz(${(asOf - 5 * dayMs) * 1000}), make_timestamptz(${asOf * 1000 + 1000} - (i % 2) * ${dayMs * 1000}),
      'email', '{"score": ' || i || ', "level": "a''b"}' from range(4) r(i)`)
  expect(await found({ event: 'Quiz' })).toEqual(['c1', 'c3'])
  expect(await found({ event: 'Quiz', where: { score: 3, source: 'email' } })).toEqual(['c3'])
  expect(await found({ event: 'Quiz', where: { level: "a'b" } })).toEqual(['c1', 'c3'])
  expect(await found({ event: 'Quiz', withinDays: 5 })).toEqual([])
  const everybody = await found({ feature: 'orders', op: 'known' })
  expect(await found({ event: 'Quiz', count: { atMost: 0 } })).toEqual(
    everybody.filter((id) => !['c1', 'c3'].includes(id)),
  )
})

test('traits by column and by key; segments inside segments; cycles refused', async () => {
  await warehouse.run(`insert into customers (customer_id, batch_id, known_at, gender, traits)
    values ('c1', 50, null, 'x', '{"tier": "gold", "points": 12}'), ('c2', 50, make_timestamptz(${(asOf + 1) * 1000}), 'x', null)`)
  expect(await found({ trait: 'gender', op: '=', value: 'x' })).toEqual(['c1'])
  expect(
    await found({
      all: [
        { trait: 'tier', op: 'in', value: ['gold'] },
        { trait: 'points', op: '>', value: 11 },
      ],
    }),
  ).toEqual(['c1'])
  const gold: Rule = { trait: 'tier', op: '=', value: 'gold' }
  expect(await found({ segment: 'rule.gold' }, { 'rule.gold': gold })).toEqual(['c1'])
  const circular: Record<string, Rule> = { 'rule.a': { not: [{ segment: 'rule.b' }] }, 'rule.b': { segment: 'rule.a' } }
  await expect(found({ segment: 'rule.b' }, circular, 'rule.a')).rejects.toThrow('rule.a → rule.b → rule.a')
  await expect(found({ any: [{ segment: 'rule.nowhere' }] })).rejects.toThrow('/any/0/segment must be a known segment')
})

test('text from a rule never runs', async () => {
  const attacks = [
    `'; drop table events; --`,
    `' or '1'='1`,
    `\\'; delete from order_lines --`,
    `" or true --`,
    `$$; checkpoint`,
  ]
  for (const value of attacks) {
    expect(await found({ feature: 'first_country', op: '=', value })).toEqual([])
    expect(await found({ feature: 'first_country', op: 'in', value: [value] })).toEqual([])
    expect(await found({ trait: 'country', op: '=', value })).toEqual([])
    expect(await found({ event: value })).toEqual([])
    expect(await found({ event: 'Product Viewed', where: { colour: value } })).toEqual([])
    await expect(found({ feature: value, op: '=', value: 1 })).rejects.toThrow(
      '/feature must be a feature of the catalogue',
    )
    await expect(found({ trait: value, op: 'known' })).rejects.toThrow(/\/trait must be of letters|got none/)
  }
  await expect(found({ feature: 'orders', op: '=', value: '1 or 1=1' })).rejects.toThrow('/value must be a number')
  await expect(found({ feature: 'first_country', op: '=', value: 1 })).rejects.toThrow('/value must be text, got 1')
  expect((await warehouse.rows<{ n: number }>('select count(*) as n from events'))[0]!.n).toBeGreaterThan(0)
})

test('families are stored apart, listed and shown; a second run replaces the first', async () => {
  const rfm = await rfmSegments(warehouse, { asOf })
  if (!rfm.found) throw new Error(rfm.reason)
  const rules = await ruleSegments(warehouse, { asOf })
  await rfmSegments(warehouse, { asOf })
  const listed = await listSegments(warehouse)
  expect(listed.length).toBe(rfm.segments.length + rules.length)
  for (const { id, customers } of [...rfm.segments, ...rules]) {
    expect(listed.find((entry) => entry.id === id)!.customers).toBe(customers)
    const [stored] = await warehouse.rows<{ n: number }>(
      'select count(*) as n from segment_members where segment_id = $id',
      { id },
    )
    expect(stored!.n).toBe(customers)
  }
  const largest = rfm.segments.reduce((best, next) => (next.customers > best.customers ? next : best))
  const shown = await showSegment(warehouse, largest.id)
  expect(shown.sample.length).toBe(Math.min(20, largest.customers))
  expect(shown.profile.length).toBeGreaterThan(10)
  await expect(showSegment(warehouse, 'rfm.nobody')).rejects.toThrow('must be one of rfm.about-to-sleep')
})

test('an export says who may be contacted, and holds nothing that a spreadsheet would run', async () => {
  await rfmSegments(warehouse, { asOf })
  await warehouse.run(`insert into customers (customer_id, batch_id, email, phone, first_name)
    select 'c' || i, 70, '=cmd|'' /C calc''!A0', '+49 30 1', 'Ann, "A"' from range(30) r(i)`)
  await warehouse.run(`insert into consents values
    ('c1', 'marketing.email', true, 'consent', make_timestamptz(1000000), 1),
    ('c2', 'marketing.email', true, 'consent', make_timestamptz(1000000), 1),
    ('c2', 'marketing.email', false, 'consent', make_timestamptz(1000000), 1)`)
  await refreshStandings(warehouse)
  const rows: string[][] = []
  for (const { id } of await listSegments(warehouse)) {
    const exported = await exportSegment(warehouse, id)
    rows.push(...exported.rows.map((row) => [...row]))
    expect(csvOf(exported).split('\r\n').length).toBe(exported.rows.length + 2)
  }
  expect(rows.filter((row) => row.at(-1) === 'yes').map(([id]) => id)).toEqual(['c1'])
  expect(rows[0]![1]).toBe(`'=cmd|' /C calc'!A0`)
  expect(neutralized('a=b')).toBe('a=b')
  for (const sign of '＝＋－＠') expect(neutralized(`${sign}1`)).toBe(`'${sign}1`)
  expect(csvOf({ columns: ['a'], rows: [['x, "y"']] })).toBe('a\r\n"x, ""y"""\r\n')
})

test('refreshing makes all three families and the same result again', async () => {
  const first = await refreshSegments(warehouse, { asOf, seed: 1 })
  const again = await refreshSegments(warehouse, { asOf, seed: 1, areFeaturesFresh: true })
  expect(JSON.stringify(again)).toBe(JSON.stringify(first))
  expect(first.rules.map(({ id }) => id)).toContain('rule.cart-abandoners')
  expect(first.discovered.found).toBe(false)
  if (first.rfm.found) {
    expect(first.rfm.segments.reduce((sum, { revenue }) => sum + revenue, 0)).toBeCloseTo(first.revenue, 6)
  }
  expect(first.buyers).toBeGreaterThan(10)
})

test('rules of one’s own stand beside the shipped ones, and features of another moment are refused', async () => {
  const own = {
    id: 'rule.gold',
    name: 'Gold',
    words: 'at least one order',
    rule: { feature: 'orders', op: '>=', value: 1 },
  } as const
  const results = await ruleSegments(warehouse, { asOf, more: [own] })
  expect(results.at(-1)).toMatchObject({ id: 'rule.gold', words: 'at least one order' })
  await expect(ruleSegments(warehouse, { asOf: asOf + 1 })).rejects.toThrow('features must be computed as of')
})

test('people who never bought have 0 orders each, and nobody has no average', async () => {
  await warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at)
    select 90000, 1, 'looker', 'page', 'Home', make_timestamptz(${asOf * 1000}), make_timestamptz(${asOf * 1000})`)
  await computeFeatures(warehouse, { asOf })
  const rule = (id: string, value: number) =>
    ({ id, name: id, words: id, rule: { feature: 'orders', op: '=', value } }) as const
  const results = await ruleSegments(warehouse, { asOf, more: [rule('rule.none', 0), rule('rule.nobody', 1e6)] })
  const [none, nobody] = results.slice(-2)
  expect(none!.customers).toBeGreaterThan(0)
  expect([none!.averageOrders, none!.averageSpend, none!.revenue]).toEqual([0, 0, 0])
  expect([nobody!.customers, nobody!.averageOrders, nobody!.averageSpend]).toEqual([0, null, null])
})

test('buyers, features and groups agree on who bought when a cleaning step leaves lines out', async () => {
  await warehouse.run("insert into left_out_lines select line_key, 'test' from order_lines where customer_id <= 'c2'")
  const { buyers } = await refreshSegments(warehouse, { asOf, seed: 1 })
  const { customerIds } = await readBuyers(warehouse, asOf)
  expect(customerIds.length).toBe(buyers)
  expect(customerIds).not.toContain('c1')
  expect((await readFeatures(warehouse, currentFeatures)).customerIds).toEqual(expect.arrayContaining([...customerIds]))
})

test('costs are those of lines, else of the catalogue as known by then, in the store’s currency', async () => {
  const buyers = await readBuyers(warehouse, asOf)
  expect([...(await readBuyerCosts(warehouse, buyers, asOf)).costedMicros].every((micros) => micros === 0)).toBe(true)
  await warehouse.run(`insert into products (product_id, batch_id, known_at, unit_cost_micros, currency)
    select distinct product_id, 1, make_timestamptz(0), 2000000, 'EUR' from order_lines where product_id is not null
    union all select distinct product_id, 2, make_timestamptz(${(asOf + 1) * 1000}), 9000000, 'EUR' from order_lines
    where product_id is not null`)
  await warehouse.run("update order_lines set unit_cost_micros = 3000000 where customer_id = 'c1'")
  const costs = await readBuyerCosts(warehouse, buyers, asOf)
  const sold = await warehouse.rows<{ id: string; cost: number; costed: number }>(
    `select customer_id as id, sum(round(quantity * if(customer_id = 'c1', 3000000, 2000000)))::bigint as cost,
      sum(amount_micros)::bigint as costed
    from order_lines where kind = 'sale' and currency = 'EUR' and (product_id is not null or customer_id = 'c1')
      and occurred_at <= $as_of and received_at <= $as_of group by customer_id`,
    { as_of: { instant: asOf } },
  )
  expect(sold.length).toBeGreaterThan(10)
  for (const { id, cost, costed } of sold) {
    const row = buyers.customerIds.indexOf(id)
    if (row >= 0) expect([id, costs.costMicros[row], costs.costedMicros[row]]).toEqual([id, cost, costed])
  }
})
