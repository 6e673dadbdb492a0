import { expect, test } from 'vitest'
import type { Buyers } from './buyers.ts'
import { scoreByQuantiles } from './quantile-scores.ts'
import { segmentByRfm } from './rfm.ts'
import { classicTen, ruleInWords, rulePosition } from './rfm-rules.ts'

const buyersOf = (rows: readonly (readonly [recency: number, orders: number, spent: number])[]): Buyers => ({
  currency: 'EUR',
  customerIds: rows.map((_, row) => `c${row}`),
  recencyDays: Float64Array.from(rows, ([recency]) => recency),
  orders: Float64Array.from(rows, ([, orders]) => orders),
  spentMicros: Float64Array.from(rows, ([, , spent]) => spent * 1_000_000),
})

// Worked by hand with R's type 7: quantiles 2, 3, 4, 5 of 1 … 6 are at 2, 3, 4, 5, edges one above.
test('cuts at the quantiles plus one; equal values share a score', () => {
  expect([...scoreByQuantiles(Float64Array.of(1, 2, 3, 4, 5, 6), 5)]).toEqual([1, 1, 2, 3, 4, 5])
  expect([...scoreByQuantiles(Float64Array.of(1, 1, 1, 1, 1, 1, 1, 2, 2, 9), 5)]).toEqual([
    1, 1, 1, 1, 1, 1, 1, 4, 4, 5,
  ])
  expect([...scoreByQuantiles(Float64Array.of(7, 7, 7), 5)]).toEqual([1, 1, 1])
  expect(() => scoreByQuantiles(Float64Array.of(1), 1)).toThrow('bins must be a whole number from 2 to 10, got 1')
})

test('the ten rules: first match wins, no match is Others', () => {
  expect(classicTen[rulePosition(classicTen, 5, 5, 5)]!.name).toBe('Champions')
  expect(classicTen[rulePosition(classicTen, 3, 3, 2)]!.name).toBe('Potential Loyalist')
  expect(classicTen[rulePosition(classicTen, 1, 1, 1)]!.name).toBe('Lost')
  expect(rulePosition(classicTen, 2, 5, 2)).toBe(classicTen.length)
  expect(ruleInWords(classicTen[1]!)).toBe('recency 3–5, frequency 3–5, money 2–5')
})

test('segments add up to everybody, and the heat map too', () => {
  const rows = Array.from({ length: 60 }, (_, at) => [at * 5, 1 + (at % 9), 20 + ((at * 37) % 300)] as const)
  const scored = segmentByRfm(buyersOf(rows))
  if ('found' in scored) throw new Error(scored.reason)
  const { segments, heatmap, notes } = scored.result
  expect(segments.reduce((sum, { customers }) => sum + customers, 0)).toBe(60)
  expect(segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
  expect(segments.reduce((sum, { revenueShare }) => sum + revenueShare, 0)).toBeCloseTo(1, 12)
  expect(heatmap.length).toBe(25)
  expect(heatmap.reduce((sum, { customers }) => sum + customers, 0)).toBe(60)
  expect(notes).toEqual([])
  for (const { customers, averageSpend } of segments) expect(averageSpend === null).toBe(customers === 0)
  expect(segments.at(-1)!.id).toBe('rfm.others')
})

test('a score that tells nobody apart is noted; customers all alike or too few are a reason', () => {
  const once = segmentByRfm(buyersOf(Array.from({ length: 20 }, (_, at) => [at, 1, at * 10])))
  if ('found' in once) throw new Error(once.reason)
  expect(once.result.notes).toEqual(['the frequency score tells nobody apart: every customer has the same one'])
  expect(segmentByRfm(buyersOf(Array.from({ length: 20 }, () => [3, 1, 10])))).toEqual({
    found: false,
    reason: 'all customers with a purchase are alike in recency, frequency and money',
  })
  expect(segmentByRfm(buyersOf([[1, 1, 1]]))).toEqual({
    found: false,
    reason: '5 scores need at least 5 customers with a purchase, got 1',
  })
})

test('rules that the bins cannot meet are refused', () => {
  const buyers = buyersOf([[1, 1, 1]])
  expect(() => segmentByRfm(buyers, { bins: 4 })).toThrow('the ten rules are written for 5 bins, got 4')
  expect(() => segmentByRfm(buyers, { bins: 3, rules: [{ ...classicTen[0]! }] })).toThrow('between 1 and 3')
})
