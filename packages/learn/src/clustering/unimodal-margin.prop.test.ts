import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitUnimodal, unimodalQuantile } from './unimodal-margin.ts'
import { onePeakP } from './valley.ts'

const samples = {
  normal: (random: ReturnType<typeof seededRandom>) => random.normal(),
  'log-normal': (random: ReturnType<typeof seededRandom>) => Math.exp(random.normal()),
  'two peaks': (random: ReturnType<typeof seededRandom>) => random.normal() + (random.uniform() < 0.5 ? 0 : 6),
  counts: (random: ReturnType<typeof seededRandom>) => random.poisson(3),
}

test.each(Object.entries(samples))('the fit to %s rises once and falls once, and its mass is 1', (_name, draw) => {
  const random = seededRandom(5)
  const sample = Float64Array.from({ length: 400 }, () => draw(random))
  const { values, cumulative } = fitUnimodal(sample)
  const widths = values.map((value, at) => {
    const lower = at > 0 ? value - values[at - 1]! : values[1]! - value
    const upper = at < values.length - 1 ? values[at + 1]! - value : lower
    return (lower + upper) / 2
  })
  const densities = values.map((_, at) => (cumulative[at]! - (cumulative[at - 1] ?? 0)) / widths[at]!)
  const peak = densities.indexOf(Math.max(...densities))
  for (let at = 1; at < densities.length; at += 1) {
    const slack = 1e-9 * densities[peak]!
    if (at <= peak) expect(densities[at]! + slack).toBeGreaterThanOrEqual(densities[at - 1]!)
    else expect(densities[at]!).toBeLessThanOrEqual(densities[at - 1]! + slack)
  }
  expect(cumulative.at(-1)).toBe(1)
})

test('quantiles of a fit stay on the values that were seen', () => {
  const margin = fitUnimodal(Float64Array.of(1, 1, 2, 2, 2, 3))
  expect([0, 0.3, 0.5, 0.99, 1].map((at) => unimodalQuantile(margin, at))).toEqual([1, 1, 2, 3, 3])
})

test('one value, and two, are fitted as they are', () => {
  expect(fitUnimodal(Float64Array.of(7, 7)).cumulative).toEqual(Float64Array.of(1))
  expect(fitUnimodal(Float64Array.of(0, 0, 0, 1)).cumulative).toEqual(Float64Array.of(0.75, 1))
})

test('two peaks are told from one, skewed or not', () => {
  const random = seededRandom(9)
  const p = (draw: (r: typeof random) => number): number =>
    onePeakP(
      Float64Array.from({ length: 400 }, () => draw(random)),
      random,
      39,
    )
  expect(p(samples['two peaks'])).toBe(1 / 40)
  expect(p(samples.normal)).toBeGreaterThan(0.05)
  expect(p(samples['log-normal'])).toBeGreaterThan(0.05)
})
