import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { segmentByRfm } from '../../packages/server/src/segments/rfm.ts'
import { dataPath } from '../test-data.ts'

/** Recency in days, orders, amount, score and segment of one customer. */
type Values = readonly [recency: number, orders: number, amount: number, score: number, segment: string]

/** README of the R package rfm (rsquaredacademy) at 297ed8b, analysis date 2006-12-31. */
const published: Readonly<Record<string, Values>> = {
  "Abbey O'Reilly": [205, 6, 472, 343, 'Potential Loyalist'],
  'Add Senger': [140, 3, 340, 412, 'New Customers'],
  'Aden Lesch': [194, 4, 405, 323, 'Loyal Customers'],
  'Aden Murphy': [98, 7, 596, 544, 'Potential Loyalist'],
  'Admiral Senger': [132, 5, 448, 433, 'Potential Loyalist'],
}

const dayMs = 86_400_000

interface Total {
  last: number
  orders: number
  spent: number
}

/** Orders of the package's example, summed by customer. */
function readTotals(): Map<string, Total> {
  const text = gunzipSync(readFileSync(dataPath('rfm_orders', 'rfm_data_orders.csv.gz'))).toString('utf8')
  const totals = new Map<string, Total>()
  for (const line of text.trim().split('\n').slice(1)) {
    const [, id, date, revenue] = /^"([^"]*)",([^,]*),([^,]*),/.exec(line)!
    const total = totals.get(id!) ?? { last: 0, orders: 0, spent: 0 }
    total.last = Math.max(total.last, Date.parse(date!))
    total.orders += 1
    total.spent += Number(revenue)
    totals.set(id!, total)
  }
  return totals
}

/** The example orders scored and named, the published customers beside ours. */
export function scoreExampleOrders() {
  const rows = [...readTotals()].sort(([left], [right]) => (left < right ? -1 : 1))
  const numbers = (of: (total: Total) => number): Float64Array => Float64Array.from(rows, ([, total]) => of(total))
  const scored = segmentByRfm({
    currency: 'USD',
    customerIds: rows.map(([id]) => id),
    recencyDays: numbers(({ last }) => (Date.UTC(2006, 11, 31) - last) / dayMs),
    orders: numbers(({ orders }) => orders),
    spentMicros: numbers(({ spent }) => spent * 1_000_000),
  })
  if ('found' in scored) throw new Error(scored.reason)
  const five = Object.entries(published).map(([name, values]) => {
    const row = rows.findIndex(([id]) => id === name)
    const total = rows[row]![1]
    const found: Values = [
      (Date.UTC(2006, 11, 31) - total.last) / dayMs,
      total.orders,
      total.spent,
      scored.recency[row]! * 100 + scored.frequency[row]! * 10 + scored.monetary[row]!,
      scored.result.segments[scored.segment[row]!]!.name,
    ]
    return { name, found, published: values }
  })
  return {
    customers: rows.length,
    inSegments: scored.result.segments.reduce((sum, { customers }) => sum + customers, 0),
    five,
  }
}
