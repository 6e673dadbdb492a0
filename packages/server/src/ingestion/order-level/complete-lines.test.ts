import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { importFiles, listQuarantine, retryQuarantine } from '../index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-order-level-'))
  warehouse = await openWarehouse(join(folder, 'store'))
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const header = 'order_id,customer_id,order_date,quantity,unit_price,shipping,currency'

const take = (lines: readonly string[], more: object = {}) => {
  const path = join(folder, 'orders.csv')
  writeFileSync(path, `${header}\n${lines.join('\n')}\n`)
  return importFiles(warehouse, { kind: 'orders', files: [path], ...more })
}

const shippings = async (): Promise<Record<string, number | null>[]> =>
  warehouse.rows(`select order_id, array_to_string(list(shipping_micros order by amount_micros), ' ') as shipping
    from order_lines group by 1 order by 1`)

/** Of a file with columns of orders: which stands for what. */
const map = {
  order_id: 'order_id',
  customer_id: 'customer_id:order',
  occurred_at: 'order_date',
  quantity: 'quantity',
  unit_price: 'unit_price',
  shipping: 'shipping:order',
  currency: 'currency:order',
}

test('what stands on the first line of an order holds for all, and its amount is spread by price, to the last millionth', async () => {
  const summary = await take(
    [
      '1,ada,2024-01-02,1,10,1.00,EUR',
      '1,,2024-01-02,2,10,,',
      '2,,2024-01-03,1,5,3,EUR',
      '3,bo,2024-01-03,1,0,2,EUR',
      '3,,2024-01-03,2,0,,',
    ],
    { map },
  )
  expect(summary).toMatchObject({ accepted: 5, quarantined: 0 })
  expect(summary.warnings).toContain('shipping: amounts of whole orders, spread over their lines by price')
  expect(summary.warnings).toContain('customer_id, currency: what one line of an order says holds for all of its lines')
  expect(await shippings()).toEqual([
    { order_id: '1', shipping: '333333 666667' },
    { order_id: '2', shipping: '3000000' },
    { order_id: '3', shipping: '1000000 1000000' },
  ])
  expect(await warehouse.rows('select distinct order_id, customer_id, currency from order_lines order by 1')).toEqual([
    { order_id: '1', customer_id: 'ada', currency: 'EUR' },
    { order_id: '2', customer_id: null, currency: 'EUR' },
    { order_id: '3', customer_id: 'bo', currency: 'EUR' },
  ])
})

test('an amount that every line of its order repeats counts once', async () => {
  await take(['1,ada,2024-01-02,1,10,4.90,EUR', '1,ada,2024-01-02,2,15,4.90,EUR'], { map })
  expect(await shippings()).toEqual([{ order_id: '1', shipping: '1225000 3675000' }])
})

test('two orders of one number keep their amounts apart', async () => {
  await take(
    ['1,ada,2024-01-02,1,10,4,EUR', '1,,2024-01-02,1,30,,', '1,bo,2024-01-05,1,20,6,EUR', '1,,2024-01-05,1,40,,'],
    { map },
  )
  expect(await shippings()).toEqual([{ order_id: '1', shipping: '1000000 2000000 3000000 4000000' }])
  expect(await warehouse.rows('select customer_id, count(*) as n from order_lines group by 1 order by 1')).toEqual([
    { customer_id: 'ada', n: 2 },
    { customer_id: 'bo', n: 2 },
  ])
})

test('an amount that is none keeps its line out, and only its own', async () => {
  const summary = await take(['1,ada,2024-01-02,1,10,free,EUR', '1,,2024-01-02,1,30,,', '2,bo,2024-01-02,1,1,2,EUR'], {
    map,
  })
  expect(summary).toMatchObject({ accepted: 2, quarantined: 1 })
  expect((await listQuarantine(warehouse))[0]!.reason).toContain('got free')
})

test('a line in quarantine keeps what its order said, and its share of the amount is not shared out again', async () => {
  const lines = [
    '1,ada,2024-01-02,1,10,9,EUR',
    '1,,2024-01-02,oops,20,,',
    '1,,2024-01-02,0,20,,',
    '1,,2024-01-02,2,10,,',
  ]
  expect(await take(lines, { map })).toMatchObject({ accepted: 2, quarantined: 2 })
  const [held] = await listQuarantine(warehouse)
  expect(JSON.parse(held!.raw)).toMatchObject({ customer_id: 'ada', currency: 'EUR' })
  const [again] = await retryQuarantine(warehouse, { map: { quantity: 'order_id' } })
  expect(again).toMatchObject({ accepted: 2, quarantined: 0 })
  const [total] = await warehouse.rows<{ n: number }>('select sum(shipping_micros)::bigint as n from order_lines')
  expect(total!.n).toBe(9_000_000)
})

const pairs = (n: number, first: (at: number) => string, second: (at: number) => string): string[] =>
  Array.from({ length: n }, (_, at) => [
    `${at},c${at},2024-01-02,1,${10 + at},${first(at)}`,
    `${at},c${at},2024-01-02,2,${20 + at},${second(at)}`,
  ]).flat()

test("a column filled on the first line of each order only is the order's, without a word", async () => {
  const summary = await take(
    pairs(
      3,
      (at) => `${3 * at + 3},EUR`,
      () => ',',
    ),
  )
  expect(summary).toMatchObject({ accepted: 6, quarantined: 0 })
  const [total] = await warehouse.rows<{ n: number; least: number }>(
    'select sum(shipping_micros)::bigint as n, min(shipping_micros)::bigint as least from order_lines',
  )
  expect(total!.n).toBe(18_000_000)
  expect(total!.least).toBeGreaterThan(0)
})

test("an amount that all lines of orders repeat, other from order to order, is the order's", async () => {
  const summary = await take(
    pairs(
      6,
      (at) => `${at + 1}.5,EUR`,
      (at) => `${at + 1}.5,EUR`,
    ),
  )
  expect(summary.warnings).toContain('shipping: amounts of whole orders, spread over their lines by price')
  const [total] = await warehouse.rows<{ n: number }>('select sum(shipping_micros)::bigint as n from order_lines')
  expect(total!.n).toBe(24_000_000)
})

test('an amount that is the same everywhere is asked about, and either answer is taken', async () => {
  const lines = pairs(
    6,
    () => '4.90,EUR',
    () => '4.90,EUR',
  )
  await expect(take(lines)).rejects.toThrow("say --map 'shipping=shipping:order' or 'shipping=shipping:line'")
  for (const [level, total] of [
    ['line', 58.8],
    ['order', 29.4],
  ] as const) {
    const said = { ...map, shipping: `shipping:${level}` }
    const [row] = await take(lines, { map: said }).then(() =>
      warehouse.rows<{ n: number }>('select sum(shipping_micros) / 1e6 as n from order_lines'),
    )
    expect(row!.n).toBeCloseTo(total, 9)
    await warehouse.run('delete from order_lines')
  }
})

test('amounts of lines stay: some differ within an order', async () => {
  await take(
    pairs(
      6,
      (at) => `${at + 1},EUR`,
      (at) => `${at === 3 ? 1 : at + 1},EUR`,
    ),
  )
  const [total] = await warehouse.rows<{ n: number }>('select sum(shipping_micros)::bigint as n from order_lines')
  expect(total!.n).toBe(39_000_000)
})

test('a few orders are too few to tell: counted as written, and said', async () => {
  const summary = await take(
    pairs(
      2,
      () => '4.90,EUR',
      () => '4.90,EUR',
    ),
  )
  expect(summary.warnings.join(' ')).toContain('shipping is the same on all lines of an order: counted once a line')
})

test.each([
  [{ shipping: 'shipping:order', occurred_at: 'order_date', unit_price: 'unit_price' }, 'must come with order_id'],
  [{ ...map, unit_price: 'unit_price:order' }, 'got unit_price'],
])(':order is refused where it means nothing: %o', async (wrong, words) => {
  await expect(take(['1,ada,2024-01-02,1,10,1,EUR'], { map: wrong })).rejects.toThrow(words)
})
