import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { readCdnow } from './cdnow.contract.ts'
import { summarise } from './index.ts'

const dayOf = (text: string): number =>
  Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8))) / 86_400_000

// The published summary was made from the same transactions: same-day purchases joined, weeks as days / 7, two decimals.
test.skipIf(withoutData)('the published summary of CDNOW, from its transactions', () => {
  const lines = readFileSync(dataPath('cdnow', 'CDNOW_sample.txt'), 'utf8').trim().split(/\r?\n/)
  const cells = lines.map((line) => line.trim().split(/\s+/))
  const end = dayOf('19970930')
  const found = summarise(
    {
      customers: Uint32Array.from(cells, (row) => Number(row[1]) - 1),
      days: Int32Array.from(cells, (row) => dayOf(row[2]!)),
      spend: Float64Array.from(cells, (row) => Number(row[4])),
    },
    { calibrationEnd: end, holdoutEnd: dayOf('19980630'), unitDays: 7 },
  )
  const published = readCdnow()
  expect(found.customers.length).toBe(2357)
  expect(found.holdoutAge).toBe(39)
  expect(found.frequency).toEqual(published.frequency)
  let [apart, spendApart] = [0, 0]
  for (let row = 0; row < 2357; row += 1) {
    apart = Math.max(apart, Math.abs(found.recency[row]! - published.recency[row]!))
    apart = Math.max(apart, Math.abs(found.age[row]! - published.age[row]!))
    spendApart = Math.max(spendApart, Math.abs(found.meanSpend[row]! - published.meanSpend[row]!))
  }
  expect(apart).toBeLessThan(0.0051)
  expect(spendApart).toBeLessThan(0.0051)
  // Fader & Hardie's hold-out: 1,882 repeat transactions of the sample in weeks 40 to 78.
  expect(found.holdoutFrequency.reduce((sum, count) => sum + count, 0)).toBe(1882)
})

test('one day counts once, the first day not at all, the hold-out apart', () => {
  const found = summarise(
    {
      customers: Uint32Array.of(2, 0, 0, 0, 0, 2, 0, 1),
      days: Int32Array.of(5, 10, 0, 10, 0, 5, 25, 21),
      spend: Float64Array.of(1, 2, 4, 8, 16, 32, 64, 128),
    },
    { calibrationEnd: 20, holdoutEnd: 30, unitDays: 10 },
  )
  expect(found).toEqual({
    customers: Uint32Array.of(0, 2),
    frequency: Float64Array.of(1, 0),
    recency: Float64Array.of(1, 0),
    age: Float64Array.of(2, 1.5),
    meanSpend: Float64Array.of(10, 0),
    meanLogSpend: Float64Array.of(Math.log(10), 0),
    firstSpend: Float64Array.of(20, 33),
    holdoutFrequency: Float64Array.of(1, 0),
    holdoutSpend: Float64Array.of(64, 0),
    holdoutAge: 1,
  })
})

test('the order of purchases does not show, and later ones change nothing', () => {
  const purchase = fc.record({ customer: fc.nat(5), day: fc.integer({ min: -20, max: 60 }) })
  fc.assert(
    fc.property(fc.array(purchase, { minLength: 1, maxLength: 60 }), (list) => {
      const early = [...list, { customer: 6, day: -20 }]
      const of = (rows: typeof list) => ({
        customers: Uint32Array.from(rows, ({ customer }) => customer),
        days: Int32Array.from(rows, ({ day }) => day),
      })
      const plain = summarise(of(early), { calibrationEnd: 40 })
      expect(summarise(of([...early].reverse()), { calibrationEnd: 40 })).toEqual(plain)
      expect(summarise(of(early.filter(({ day }) => day <= 40)), { calibrationEnd: 40 })).toEqual(plain)
      expect(plain.recency.every((recency, row) => recency >= 0 && recency <= plain.age[row]!)).toBe(true)
    }),
  )
})

test('what cannot be summarised is refused', () => {
  const purchases = { customers: Uint32Array.of(0), days: Int32Array.of(10) }
  expect(() => summarise(purchases, { calibrationEnd: 9 })).toThrow('a purchase must lie at or before day 9, got none')
  expect(() => summarise(purchases, { calibrationEnd: 12, holdoutEnd: 11 })).toThrow('got 12 and 11')
  expect(() => summarise(purchases, { calibrationEnd: 12, unitDays: 0 })).toThrow('more than 0 days, got 0')
  expect(() => summarise({ ...purchases, spend: Float64Array.of(Number.NaN) }, { calibrationEnd: 12 })).toThrow(
    'spend must be finite, got NaN at purchase 0',
  )
  expect(() => summarise({ ...purchases, days: new Int32Array(0) }, { calibrationEnd: 12 })).toThrow('got 1, 0')
})
