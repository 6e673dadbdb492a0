import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { lastMoment, lookFirst } from './first-look.ts'

let folder: string
let warehouse: Warehouse
let lines = 0

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-first-look-'))
  warehouse = await openWarehouse(folder)
  lines = 0
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

/** One order line, in euro; amounts in whole units. */
function sell(order: string, customer: string | null, day: string, amount: number, over: Record<string, string> = {}) {
  lines += 1
  const line: Record<string, string> = {
    line_key: `md5_number('${lines}')`,
    batch_id: '1',
    order_id: `'${order}'`,
    customer_id: customer === null ? 'null' : `'${customer}'`,
    product_id: "'p'",
    quantity: '1',
    unit_price_micros: `${amount}000000`,
    amount_micros: `${amount}000000`,
    currency: "'EUR'",
    kind: "'sale'",
    ordinal: '0',
    occurred_at: `timestamptz '${day}:00+00'`,
    received_at: `timestamptz '${day}:00+00'`,
    country: "'DE'",
    ...over,
  }
  return warehouse.run(`insert into order_lines (${Object.keys(line)}) values (${Object.values(line)})`)
}

// A shop small enough to be worked out by hand: the numbers below were.
async function openShop(): Promise<void> {
  await sell('1', 'ann', '2024-01-10 09:00', 100)
  await sell('1', 'ann', '2024-01-10 09:00', 20)
  await sell('2', 'bob', '2024-02-01 22:30', 50)
  await sell('3', null, '2024-02-02 10:00', 30)
  await sell('4', 'ann', '2024-11-05 09:15', 180, { discount_micros: '20000000', country: "'FR'" })
  await sell('5', 'cid', '2024-11-20 12:00', 70)
  await sell('C5', 'cid', '2024-11-25 12:00', -70, {
    kind: "'cancellation'",
    quantity: '-1',
    unit_price_micros: '70000000',
  })
  await sell('A', null, '2024-11-26 12:00', -500, { kind: "'adjustment'" })
  await sell('6', 'dan', '2024-12-24 18:00', 999, { currency: "'USD'" })
}

const asOf = Date.UTC(2024, 11, 31)

test('all-time numbers are what a hand computes', async () => {
  await openShop()
  const { total, otherCurrencies, currency } = await lookFirst(warehouse, asOf)
  expect(currency).toBe('EUR')
  expect(otherCurrencies).toEqual([{ currency: 'USD', orders: 1 }])
  expect(total).toEqual({
    revenue: 450,
    orders: 5,
    averageOrderValue: 90,
    customers: 3,
    repeatRate: 1 / 3,
    newCustomers: 3,
    returningRevenueShare: null,
    refunds: 70,
    refundRate: 70 / 450,
    unknownRevenueShare: 30 / 450,
    profit: null,
    profitMargin: null,
  })
})

test('the last 90 days stand beside the 90 before', async () => {
  await openShop()
  const { current, previous } = await lookFirst(warehouse, asOf)
  expect(current).toMatchObject({
    // Ann, who bought in January too, and Cid, who did not.
    repeatRate: 1 / 2,
    revenue: 250,
    orders: 2,
    customers: 2,
    newCustomers: 1,
    returningRevenueShare: 180 / 250,
  })
  expect(previous).toMatchObject({ revenue: 0, orders: 0, averageOrderValue: null, refundRate: null })
})

test('a period before the history began is not compared', async () => {
  await sell('1', 'ann', '2024-12-10 09:00', 100)
  expect((await lookFirst(warehouse, asOf)).previous).toBeNull()
})

test('profit is at the margin of what has a cost, and only where that is four fifths of revenue', async () => {
  await sell('1', 'ann', '2024-12-10 09:00', 100, { unit_cost_micros: '40000000' })
  expect((await lookFirst(warehouse, asOf)).current).toMatchObject({ profit: 60, profitMargin: 0.6 })
  await sell('2', 'bob', '2024-12-11 09:00', 25)
  expect((await lookFirst(warehouse, asOf)).current).toMatchObject({ profit: 75, profitMargin: 0.6 })
  await sell('3', 'bob', '2024-12-12 09:00', 1)
  expect((await lookFirst(warehouse, asOf)).current).toMatchObject({ profit: null, profitMargin: null })
})

test('a refund noted on a cancelled line is counted once, one on a sale as well', async () => {
  await sell('1', 'ann', '2024-12-10 09:00', 100, { refund_micros: '10000000' })
  await sell('R1', 'ann', '2024-12-12 09:00', -30, {
    kind: "'cancellation'",
    quantity: '-1',
    unit_price_micros: '30000000',
    refund_micros: '30000000',
  })
  const { current, months } = await lookFirst(warehouse, asOf)
  expect(current).toMatchObject({ refunds: 40, refundRate: 0.4 })
  expect(months.at(-1)).toMatchObject({ refunds: 40 })
})

test('months, hours and cohorts follow the store’s time zone', async () => {
  await openShop()
  await sell('7', 'eve', '2024-02-29 23:30', 10)
  await warehouse.run("insert into store_settings values ('timezone', 'Europe/Berlin')")
  const { months, hours, cohorts } = await lookFirst(warehouse, asOf)
  expect(months.map(({ month, revenue }) => [month, revenue])).toEqual([
    ['2024-01', 120],
    ['2024-02', 80],
    ['2024-03', 10],
    ['2024-11', 250],
  ])
  expect(months.map(({ isPartial }) => isPartial)).toEqual([true, false, false, false])
  expect(months[3]).toMatchObject({
    newRevenue: 70,
    returningRevenue: 180,
    unknownRevenue: 0,
    refunds: 70,
    newCustomers: 1,
  })
  // 2024-02-01 22:30 UTC was a Thursday, 23:30 in Berlin.
  expect(hours[3 * 24 + 23]).toBe(1)
  expect(hours.reduce((sum, count) => sum + count, 0)).toBe(6)
  const january = cohorts.find(({ month }) => month === '2024-01')!
  expect(january.customers).toBe(1)
  expect(january.retention.slice(0, 2)).toEqual([1, 0])
  expect(january.retention[10]).toBe(1)
  expect(january.retention[11]).toBeNull()
})

test('breakdowns add up to the period', async () => {
  await openShop()
  const { byCountry, bySource, byCategory, current } = await lookFirst(warehouse, asOf)
  expect(byCountry.map(({ value, revenue }) => [value, revenue])).toEqual([
    ['FR', 180],
    ['DE', 70],
  ])
  for (const rows of [byCountry, bySource, byCategory]) {
    expect(rows.reduce((sum, { revenue }) => sum + revenue, 0)).toBe(current.revenue)
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  }
})

test('a moment of analysis includes the last record', async () => {
  await openShop()
  expect(await lastMoment(warehouse)).toBe(Date.UTC(2024, 11, 24, 18, 0, 1))
})

test('an empty store and one without sales are told apart', async () => {
  await expect(lastMoment(warehouse)).rejects.toMatchObject({ code: 'insights.empty' })
  await sell('C1', 'ann', '2024-12-10 09:00', -5, { kind: "'cancellation'" })
  await expect(lookFirst(warehouse, asOf)).rejects.toMatchObject({ code: 'insights.no-sales' })
})
