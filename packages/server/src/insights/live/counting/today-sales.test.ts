import { expect, test } from 'vitest'
import type { WrittenEvent } from '../../../ingestion/index.ts'
import { TodaySales } from './today-sales.ts'

const hour = 3_600_000
const day = { from: 24 * hour, until: 48 * hour }
type Line = WrittenEvent['lines'][number]

const line = (key: number, orderId: string, amountMicros: number, more: Partial<Line> = {}): Line => ({
  ...{ key: BigInt(key), orderId, customerId: null, productId: null, description: null, category: null },
  ...{ quantity: 1, unitPriceMicros: amountMicros, amountMicros, discountMicros: null, taxMicros: null },
  ...{ shippingMicros: null, currency: 'EUR', occurredAt: 30 * hour, receivedAt: 30 * hour, source: null },
  kind: 'sale',
  ...more,
})
const event = (position: number, ...lines: readonly Line[]): WrittenEvent => ({
  ...{ event: {} as WrittenEvent['event'], isSuspect: false, position, lines },
})
const fresh = (linesMax?: number): TodaySales => new TodaySales(day, 'EUR', hour, linesMax)

test('an order that is told of twice counts once, its lines each by the part of the day', () => {
  const sales = fresh()
  sales.written(event(1, line(1, 'o1', 10), line(2, 'o1', 5, { occurredAt: 31 * hour })))
  sales.written(event(4, line(1, 'o1', 10), line(3, 'o2', 7)))
  expect(sales.total).toEqual({ revenueMicros: 22, refundMicros: 0, orders: 2 })
  expect(sales.course.slice(6, 8).map(({ revenueMicros }) => revenueMicros)).toEqual([17, 5])
})

test('what was given back is told beside the revenue, not taken off it', () => {
  const sales = fresh()
  sales.written(event(1, line(1, 'o1', 10), line(2, 'o1', -4, { kind: 'cancellation' })))
  expect(sales.total).toEqual({ revenueMicros: 10, refundMicros: 4, orders: 1 })
})

test('other days and other money are not of it', () => {
  const sales = fresh()
  for (const more of [{ occurredAt: day.from - 1 }, { occurredAt: day.until }, { currency: 'USD' }])
    sales.written(event(1, line(1, 'o1', 10, more)))
  expect(sales.total.orders).toBe(0)
  sales.written(event(2, line(2, 'o2', 1, { occurredAt: day.from })))
  sales.written(event(3, line(3, 'o3', 1, { occurredAt: day.until - 1 })))
  expect(sales.total.orders).toBe(2)
})

test('it agrees with the warehouse up to where that is, and does not where a line was there from before', () => {
  const sales = fresh()
  sales.take({ key: '0-9', orderId: 'o9', occurredAt: 25 * hour, revenueMicros: 3, refundMicros: 1, orders: 1 })
  sales.written(event(10, line(1, 'o1', 10)))
  sales.written(event(20, line(9, 'o9', 3), line(2, 'o2', 7)))
  expect(sales.total).toEqual({ revenueMicros: 20, refundMicros: 1, orders: 3 })
  expect(sales.agrees({ revenueMicros: 13, refundMicros: 1, orders: 2 }, 15)).toBe(true)
  expect(sales.agrees({ revenueMicros: 13, refundMicros: 1, orders: 2 }, 25)).toBe(false)
})

test('beyond the lines that are told apart the warehouse puts it right', () => {
  const sales = fresh(1)
  sales.written(event(1, line(1, 'o1', 10)))
  sales.written(event(2, line(2, 'o2', 7)))
  sales.written(event(3, line(2, 'o2', 7)))
  expect(sales.agrees({ revenueMicros: 17, refundMicros: 0, orders: 2 }, 3)).toBe(false)
})
