import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { dayMs } from '../base/index.ts'
import type { Buyers } from './buyers.ts'
import { segmentByRfm } from './rfm.ts'

/** The package's example orders, one row per order, as of its analysis date 2006-12-31. */
function exampleBuyers(): Buyers {
  const file = gunzipSync(readFileSync(dataPath('rfm_orders', 'rfm_data_orders.csv.gz'))).toString('utf8')
  const totals = new Map<string, { last: number; orders: number; spent: number }>()
  for (const line of file.trim().split('\n').slice(1)) {
    const [, id, date, revenue] = /^"([^"]*)",([^,]*),([^,]*),/.exec(line)!
    const total = totals.get(id!) ?? { last: 0, orders: 0, spent: 0 }
    total.last = Math.max(total.last, Date.parse(date!))
    total.orders += 1
    total.spent += Number(revenue) * 1_000_000
    totals.set(id!, total)
  }
  const rows = [...totals].sort(([left], [right]) => (left < right ? -1 : 1))
  const numbers = (of: (total: { last: number; orders: number; spent: number }) => number): Float64Array =>
    Float64Array.from(rows, ([, total]) => of(total))
  return {
    currency: 'USD',
    customerIds: rows.map(([id]) => id),
    recencyDays: numbers(({ last }) => (Date.UTC(2006, 11, 31) - last) / dayMs),
    orders: numbers(({ orders }) => orders),
    spentMicros: numbers(({ spent }) => spent),
  }
}

// Reference: README of the R package rfm (rsquaredacademy) at 297ed8b, on the same orders: 995 customers, and these
// five with their values, scores and segments.
test.skipIf(withoutData)('scores and names the example orders as the R package does', () => {
  const buyers = exampleBuyers()
  expect(buyers.customerIds.length).toBe(995)
  const scored = segmentByRfm(buyers)
  if ('found' in scored) throw new Error(scored.reason)
  const published = [
    ["Abbey O'Reilly", 205, 6, 472, 343, 'Potential Loyalist'],
    ['Add Senger', 140, 3, 340, 412, 'New Customers'],
    ['Aden Lesch', 194, 4, 405, 323, 'Loyal Customers'],
    ['Admiral Senger', 132, 5, 448, 433, 'Potential Loyalist'],
    ['Aden Murphy', 98, 7, 596, 544, 'Potential Loyalist'],
  ] as const
  for (const [name, recency, orders, amount, score, segment] of published) {
    const row = buyers.customerIds.indexOf(name)
    expect([
      buyers.customerIds[row],
      buyers.recencyDays[row],
      buyers.orders[row],
      buyers.spentMicros[row]! / 1_000_000,
      scored.recency[row]! * 100 + scored.frequency[row]! * 10 + scored.monetary[row]!,
      scored.result.segments[scored.segment[row]!]!.name,
    ]).toEqual([name, recency, orders, amount, score, segment])
  }
  expect(scored.result.segments.reduce((total, { customers }) => total + customers, 0)).toBe(995)
})
