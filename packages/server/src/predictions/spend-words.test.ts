import { type Correlation, spendIndependence } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { independenceOf, spendFromWords } from './spend-words.ts'

const correlation = (value: number, half: number): Correlation => ({
  value,
  p: 0.01,
  lower: value - half,
  upper: value + half,
})

const checked = (verdict: 'holds' | 'undecided' | 'broken', rank: Correlation, linear: Correlation) =>
  independenceOf({ kind: 'spend-independence', linear, rank, n: 900, verdict })

test('a weak correlation is called weak, and never none', () => {
  const { verdict, interval } = checked('holds', correlation(0.08, 0.05), correlation(0.04, 0.06))
  expect(verdict).toContain('hardly depends on how often customers buy (rank correlation 0.08, 95 % interval 0.03 to')
  expect(verdict).not.toContain('does not depend')
  expect(interval!.low).toBeCloseTo(0.03)
})

test('what cannot be told is not said to be for want of customers', () => {
  const { verdict } = checked('undecided', correlation(0.18, 0.04), correlation(0.1, 0.02))
  expect(verdict).toContain('may depend on how often customers buy (rank correlation 0.18, 95 % interval 0.14 to 0.22)')
})

test('a broken assumption shows the correlation that breaks it', () => {
  const byRank = checked('broken', correlation(-0.4, 0.1), correlation(-0.1, 0.3))
  expect(byRank.verdict).toContain('(rank correlation -0.40, 95 % interval -0.50 to -0.30), against')
  const byAmounts = checked('broken', correlation(0.1, 0.05), correlation(0.5, 0.1))
  expect(byAmounts.verdict).toContain('(linear correlation 0.50, 95 % interval 0.40 to 0.60), against')
})

test('the words follow the customers that they are about', () => {
  const random = seededRandom(3)
  const frequency = Float64Array.from({ length: 3000 }, () => 1 + random.poisson(3))
  const free = frequency.map(() => random.gamma(4, 10))
  expect(independenceOf(spendIndependence({ frequency, meanSpend: free })).verdict).toContain('hardly depends')
  const bound = frequency.map((x) => x * random.gamma(4, 10))
  expect(independenceOf(spendIndependence({ frequency, meanSpend: bound })).verdict).toContain(' depends on how often')
  const few = { frequency: frequency.slice(0, 5), meanSpend: free.slice(0, 5) }
  expect(independenceOf(spendIndependence(few))).toMatchObject({ correlation: null, interval: null })
})

test('which purchases spend is learned from, with how the first compares', () => {
  const firstToLater = { value: 1.4, interval: { low: 1.3, high: 1.51 }, customers: 1234 }
  expect(spendFromWords({ basis: 'repeat-purchases', firstToLater })).toBe(
    'spend is learned from purchases after the first: a first purchase is 1.40 times the same customer’s later ones (95 % interval 1.30 to 1.51, 1,234 customers)',
  )
  expect(spendFromWords({ basis: 'all-purchases', firstToLater: null })).toBe(
    'spend is learned from all purchases, the first among them; first purchases cannot be compared with later ones',
  )
})
