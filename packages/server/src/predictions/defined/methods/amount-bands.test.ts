import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { applyAmountBands, fitAmountBands } from './amount-bands.ts'

/** Amounts of whom `buying` buy at all, with a tail that is longer than any model would think. */
function drawn(n: number, buying: number, seed: number) {
  const random = seededRandom(seed)
  const expected = Float64Array.from({ length: n }, () => 5 + 100 * random.uniform() ** 2)
  const came = expected.map((mean) =>
    random.uniform() < buying ? (mean / buying) * Math.exp(random.normal() - 0.5) : 0,
  )
  return { expected, came }
}

const heldBy = ({ low, high }: { low: Float64Array; high: Float64Array }, came: Float64Array): number =>
  came.filter((amount, row) => amount >= low[row]! && amount <= high[row]!).length / came.length

test.each([1, 0.95, 0.6, 0.2])('eight of ten new amounts lie within where a share of %s buys', (buying) => {
  let sum = 0
  for (let seed = 0; seed < 30; seed += 1) {
    const { expected, came } = drawn(400, buying, seed)
    const later = drawn(400, buying, 1000 + seed)
    sum += heldBy(
      applyAmountBands(fitAmountBands(expected, came, { customerIds: ids(came), seed }), later.expected),
      later.came,
    )
  }
  // A standard error of 0.005; ends that stay at 0 hold a little more.
  expect(sum / 30).toBeGreaterThan(0.785)
  expect(sum / 30).toBeLessThan(0.84)
})

const ids = (rows: Float64Array): string[] => Array.from(rows, (_, row) => `c${row}`)

test('of those of whom most is expected, too, eight of ten amounts lie within', () => {
  let [held, rows] = [0, 0]
  for (let seed = 0; seed < 60; seed += 1) {
    // Expectations with a long tail: the last tenth of them reaches over two orders of magnitude.
    const { expected, came } = longTailed(600, seed)
    const later = longTailed(600, 1000 + seed)
    const most = Array.from(later.expected.keys()).sort((a, b) => later.expected[b]! - later.expected[a]!)
    const few = (values: Float64Array): Float64Array => Float64Array.from(most.slice(0, 6), (row) => values[row]!)
    const bands = fitAmountBands(expected, came, { customerIds: ids(came), seed })
    held += 6 * heldBy(applyAmountBands(bands, few(later.expected)), few(later.came))
    rows += 6
  }
  // A standard error of 0.021.
  expect(held / rows).toBeGreaterThan(0.74)
  expect(held / rows).toBeLessThan(0.87)
})

function longTailed(n: number, seed: number) {
  const random = seededRandom(seed)
  const expected = Float64Array.from({ length: n }, () => 10 * Math.exp(1.5 * random.normal()))
  const came = expected.map((mean) => (random.uniform() < 0.7 ? (mean / 0.7) * Math.exp(random.normal() - 0.5) : 0))
  return { expected, came }
}

test('who hardly ever buys may come to nothing, and the unit of money makes no difference', () => {
  const { expected, came } = drawn(500, 0.2, 5)
  const bands = fitAmountBands(expected, came, { customerIds: ids(came), seed: 1 })
  const { low, high } = applyAmountBands(bands, expected)
  expect(low.every((end) => end === 0)).toBe(true)
  const cents = (amounts: Float64Array): Float64Array => amounts.map((amount) => 100 * amount)
  const scaled = applyAmountBands(
    fitAmountBands(cents(expected), cents(came), { customerIds: ids(came), seed: 1 }),
    cents(expected),
  )
  scaled.high.forEach((end, row) => {
    expect(end).toBeCloseTo(100 * high[row]!, 6)
  })
})

test('a handful of rows has the ends that were seen', () => {
  const found = fitAmountBands(Float64Array.of(1, 2, 3), Float64Array.of(0, 5, 9), {
    customerIds: ['a', 'b', 'c'],
    seed: 1,
  })
  expect(found.conformal).toBeNull()
  expect(applyAmountBands(found, Float64Array.of(3)).high[0]).toBe(9)
})
