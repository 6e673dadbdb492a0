import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitted } from './cdnow.contract.ts'
import { expectedSpend, fitGammaGamma, spendIndependence, summarise, summariseSpend } from './index.ts'

const truth = { p: 3, q: 4, v: 30 }

/** Purchases on Gamma-Gamma's own story; most customers buy once or twice. The first purchase is `firstShare` as large. */
function shop(customers: number, firstShare: number, seed = 11) {
  const random = seededRandom(seed)
  const rows: { customer: number; day: number; spend: number }[] = []
  const means: number[] = []
  for (let customer = 0; customer < customers; customer += 1) {
    const rate = random.gamma(truth.q, 1 / truth.v)
    means.push(truth.p / rate)
    const purchases = 1 + random.poisson(random.gamma(0.8, 1))
    for (let day = 0; day < purchases; day += 1) {
      rows.push({ customer, day, spend: random.gamma(truth.p, 1 / rate) * (day === 0 ? firstShare : 1) })
    }
  }
  const purchases = {
    customers: Uint32Array.from(rows, ({ customer }) => customer),
    days: Int32Array.from(rows, ({ day }) => day),
    spend: Float64Array.from(rows, ({ spend }) => spend),
  }
  return { summaries: summarise(purchases, { calibrationEnd: 100 }), means }
}

test('a first purchase like any other counts as one more', () => {
  const { summaries } = shop(4000, 1)
  const spend = summariseSpend(summaries)
  expect(spend.basis).toBe('all-purchases')
  expect(spend.firstToLater!.lower).toBeLessThan(1)
  expect(spend.firstToLater!.upper).toBeGreaterThan(1)
  expect(spend.firstToLater!.n).toBe(summaries.frequency.filter((x) => x > 0).length)
  for (const [row, x] of summaries.frequency.entries()) {
    expect(spend.spendCount[row]).toBe(x + 1)
    expect(spend.meanSpend[row]! * (x + 1)).toBeCloseTo(summaries.firstSpend[row]! + x * summaries.meanSpend[row]!, 8)
  }
})

test('with the first purchase, the parameters come back and each customer’s mean is told better', () => {
  const { summaries, means } = shop(4000, 1)
  const spend = summariseSpend(summaries)
  const all = fitted(fitGammaGamma(spend))
  for (const name of ['p', 'q', 'v'] as const) {
    expect(Math.abs(all.parameters[name] - truth[name]) / all.standardErrors[name], name).toBeLessThan(4)
  }
  const repeats = fitted(fitGammaGamma(summaries))
  const off = (expected: Float64Array): number =>
    expected.reduce((sum, value, row) => sum + Math.abs(value - means[row]!), 0) / means.length
  expect(off(expectedSpend(all, spend))).toBeLessThan(0.8 * off(expectedSpend(repeats, summaries)))
  expect(all.standardErrors.q).toBeLessThan(repeats.standardErrors.q)
})

test.each([
  ['half as large', 0.5],
  ['half as large again', 1.5],
])('first purchases %s are left out', (_name, share) => {
  const { summaries } = shop(4000, share)
  const spend = summariseSpend(summaries)
  expect(spend.basis).toBe('repeat-purchases')
  expect(Math.abs(spend.firstToLater!.value / share - 1)).toBeLessThan(0.1)
  expect(spend.spendCount).toEqual(summaries.frequency)
  expect(spend.meanSpend).toEqual(summaries.meanSpend)
  expect(fitGammaGamma(spend)).toEqual(fitGammaGamma(summaries))
})

test('a difference that the data do not show, or a small one, does not count', () => {
  expect(summariseSpend(shop(4000, 0.9).summaries).basis).toBe('all-purchases')
  expect(summariseSpend(shop(12, 0.7).summaries).basis).toBe('all-purchases')
  const once = summarise(
    { customers: Uint32Array.of(0, 1), days: Int32Array.of(0, 0), spend: Float64Array.of(5, 6) },
    { calibrationEnd: 1 },
  )
  expect(summariseSpend(once)).toMatchObject({ basis: 'all-purchases', firstToLater: null })
})

test('the unit of money changes neither the ratio nor the choice', () => {
  const { summaries } = shop(300, 0.6)
  const cents = {
    ...summaries,
    firstSpend: summaries.firstSpend.map((money) => 100 * money),
    meanSpend: summaries.meanSpend.map((money) => 100 * money),
    meanLogSpend: summaries.meanLogSpend.map((log, row) => (summaries.frequency[row] === 0 ? 0 : log + Math.log(100))),
  }
  const [euros, found] = [summariseSpend(summaries), summariseSpend(cents)]
  expect(found.basis).toBe(euros.basis)
  expect(found.firstToLater!.value).toBeCloseTo(euros.firstToLater!.value, 10)
})

// How often customers buy and what they spend are independent here, one-time buyers included.
test('spend that is independent of frequency is found so with the first purchase, too', () => {
  for (const seed of [1, 2, 3]) {
    expect(spendIndependence(summariseSpend(shop(6000, 1, seed).summaries))).toMatchObject({ verdict: 'holds' })
  }
})

test('a spend count that cannot be is refused', () => {
  const frequency = new Float64Array(12).fill(1)
  const meanSpend = new Float64Array(12).fill(5)
  const bad = (spendCount: Float64Array) => () => fitGammaGamma({ frequency, meanSpend, spendCount })
  expect(bad(new Float64Array(12).fill(-1))).toThrow('spend count must be ≥ 0, got -1 at row 0')
  expect(bad(new Float64Array(3))).toThrow('equal length')
})
