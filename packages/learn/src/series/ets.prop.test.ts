import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type EtsModel, fitEts } from './ets.ts'
import { forecastEts } from './ets-forecast.ts'
import type { EtsForm } from './ets-form.ts'
import { etsObjective } from './ets-likelihood.ts'
import { etsSpace } from './ets-space.ts'
import { startingPoint } from './ets-start.ts'
import { fitted } from './forecast.contract.ts'

const form = fc
  .record({
    error: fc.constantFrom('additive', 'multiplicative'),
    trend: fc.constantFrom('none', 'additive', 'multiplicative'),
    damped: fc.boolean(),
    season: fc.constantFrom('none', 'additive', 'multiplicative'),
  })
  .map((parts): EtsForm => ({ ...parts, damped: parts.damped && parts.trend !== 'none' }) as EtsForm)

function wavy(seed: number, n: number): Float64Array {
  const random = seededRandom(seed)
  return Float64Array.from({ length: n }, (_, step) => 60 + step / 3 + [8, -4, 1, -5][step % 4]! + 3 * random.normal())
}

test('the gradient is that of the value, in every form and with values missing', () => {
  fc.assert(
    fc.property(
      form,
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      (form, seed, alpha) => {
        const series = wavy(seed, 30)
        series[seed % 30] = Number.NaN
        const space = etsSpace(form, 4, 10)
        const objective = etsObjective(form, 4, series, space)
        const free = space.free(startingPoint(form, 4, series, alpha))
        const gradient = new Float64Array(free.length)
        const unused = new Float64Array(free.length)
        objective(free, gradient)
        for (let axis = 0; axis < free.length; axis += 1) {
          const moved = (by: number) =>
            objective(
              free.map((value, at) => (at === axis ? value + by : value)),
              unused,
            )
          const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5
          // Differences of values near 4 leave ten digits less five for the step.
          expect(Math.abs(gradient[axis]! - slope)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)))
        }
      },
    ),
  )
})

test('a point becomes free numbers and comes back', () => {
  fc.assert(
    fc.property(form, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (form, alpha) => {
      const space = etsSpace(form, 4, 7)
      const point = startingPoint(form, 4, wavy(3, 24), alpha)
      const back = new Float64Array(point.length)
      space.point(space.free(point), back)
      for (const [index, value] of back.entries()) expect(value).toBeCloseTo(point[index]!, 9)
    }),
  )
})

test('another unit of money changes the unit of the forecast and nothing else, from 1e-250 to 1e250', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: -800, max: 800 }), (seed, power) => {
      const series = wavy(seed, 40)
      const plain = fitted(fitEts(series, { period: 4 }))
      const other = fitted(
        fitEts(
          series.map((value) => value * 2 ** power),
          { period: 4 },
        ),
      )
      expect(other.name).toBe(plain.name)
      const before = forecastEts(plain, { horizon: 5 })
      const after = forecastEts(other, { horizon: 5 })
      for (const [step, high] of after.high.entries()) expect(high / 2 ** power).toBeCloseTo(before.high[step]!, 9)
    }),
    { numRuns: 5 },
  )
})

// Two independent ways: the closed variances against the quantiles of drawn paths, which forms without a closed form use.
test.each<[string, EtsForm]>([
  ['ETS(A,Ad,A)', { error: 'additive', trend: 'additive', damped: true, season: 'additive' }],
  ['ETS(M,A,A)', { error: 'multiplicative', trend: 'additive', damped: false, season: 'additive' }],
  ['ETS(M,Ad,M)', { error: 'multiplicative', trend: 'additive', damped: true, season: 'multiplicative' }],
])('bounds of %s as those of drawn paths', (_, form) => {
  const model: EtsModel = {
    ...fitted(fitEts(wavy(5, 40), { period: 4, form })),
    smoothing: { level: 0.4, trend: 0.05, season: 0.2, damping: form.damped ? 0.9 : 1 },
    sigma: form.error === 'additive' ? 3 : 0.03,
  }
  const closed = forecastEts(model, { horizon: 10, confidence: 0.8 })
  const drawn = drawnHighs(model, 10)
  for (const [step, high] of closed.high.entries()) {
    // 20,000 paths place the ninetieth percentile to 1.5 % of the deviation; skewness of products takes some more.
    expect(Math.abs(high - drawn[step]!) / (high - closed.mean[step]!)).toBeLessThan(0.05)
  }
})

/** The ninetieth percentile of paths drawn by the textbook's equations, written down once more. */
function drawnHighs({ form, smoothing, sigma, end }: EtsModel, horizon: number): number[] {
  const random = seededRandom(11)
  const paths = Array.from({ length: 20_000 }, () => {
    let { level, slope } = end
    const seasons = [...end.seasons]
    return Array.from({ length: horizon }, (_, step) => {
      const season = seasons[step % 4]!
      const base = level + smoothing.damping * slope
      const product = form.season === 'multiplicative'
      const expected = product ? base * season : base + season
      const value = expected + sigma * random.normal() * (form.error === 'multiplicative' ? expected : 1)
      const next = base + smoothing.level * (product ? value / season - base : value - season - base)
      slope = smoothing.damping * slope + (smoothing.trend / smoothing.level) * (next - base)
      seasons[step % 4] = season + smoothing.season * (product ? value / base - season : value - base - season)
      level = next
      return value
    })
  })
  return Array.from({ length: horizon }, (_, step) => {
    const ascending = paths.map((path) => path[step]!).sort((a, b) => a - b)
    return ascending[Math.floor(0.9 * ascending.length)]!
  })
}
