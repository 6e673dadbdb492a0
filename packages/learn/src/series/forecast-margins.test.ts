import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { applyForecastMargins, fitForecastMargins } from './forecast-margins.ts'
import { type Forecaster, forecastFromPast } from './past-forecasts.ts'

const confidence = 0.8
// A normal's, of one standard deviation.
const reach = 1.2816

/** Repeats the last value of a random walk, with bounds that are `times` as wide as they should be. */
const lastValue =
  (times: number): Forecaster =>
  (training, horizon) => {
    const mean = new Float64Array(horizon).fill(training.at(-1)!)
    const distance = mean.map((_, step) => times * reach * Math.sqrt(step + 1))
    return {
      ...{ mean, confidence },
      low: mean.map((value, step) => value - distance[step]!),
      high: mean.map((value, step) => value + distance[step]!),
    }
  }

function walk(n: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  let at = 50
  return Float64Array.from({ length: n }, () => {
    at += random.normal()
    return at
  })
}

test.each([0.4, 2.5])(
  'bounds %s times as wide as they should be come to hold their share of new values',
  async (times) => {
    let [held, values] = [0, 0]
    const measured: number[] = []
    for (let seed = 0; seed < 150; seed += 1) {
      const series = walk(170, seed)
      const { past } = await forecastFromPast(series, lastValue(times), {
        horizon: 5,
        origins: 30,
        step: 5,
        newest: 160,
      })
      const margins = fitForecastMargins(past)
      if (margins.kind !== 'forecast-margins') throw new Error(margins.message)
      const { low, high } = applyForecastMargins(margins, lastValue(times)(series.slice(0, 165), 5) as never)
      for (let step = 0; step < 5; step += 1) {
        held += series[165 + step]! >= low[step]! && series[165 + step]! <= high[step]! ? 1 : 0
        values += 1
      }
      if (margins.coverage.defined) measured.push(margins.coverage.value)
    }
    // A standard error of 0.02, as the five steps of a walk stray together; 30 origins promise 25 of 31.
    expect(Math.abs(held / values - 25 / 31)).toBeLessThan(0.05)
    const mean = measured.reduce((sum, own) => sum + own, 0) / measured.length
    expect(Math.abs(mean - 0.82)).toBeLessThan(0.04)
  },
)

test('a step’s factor is the conformal quantile of the multiples around it', () => {
  const past = [1, 2, 3, 4].map((off, at) => ({
    origin: 10 + at,
    forecast: {
      ...{ mean: Float64Array.of(0, 0), low: Float64Array.of(-1, -2), high: Float64Array.of(1, 2), confidence: 0.5 },
    },
    actual: Float64Array.of(off, -10 * off),
  }))
  // The third smallest of four (of five in all, half is 2.5): 3 of the first step, 15 of the second.
  expect(fitForecastMargins(past)).toMatchObject({ factors: Float64Array.of(3, 15), origins: 4 })
  // The fifth smallest of 1, 2, 3, 4, 5, 10, 15, 20.
  expect(fitForecastMargins(past, { pooled: 2 })).toMatchObject({ factors: Float64Array.of(5, 5) })
})

test('what was not known yet has no say in the coverage that is measured', () => {
  const past = [0, 1, 2, 3, 4, 5].map((at) => ({
    origin: 10 + at,
    forecast: { mean: Float64Array.of(0), low: Float64Array.of(-1), high: Float64Array.of(1), confidence: 0.5 },
    // Each is further off than all before.
    actual: Float64Array.of(at + 1),
  }))
  const found = fitForecastMargins(past, { judged: 4 })
  expect(found).toMatchObject({ coverage: { value: 0 }, ownCoverage: { value: 0 } })
  // With gaps nothing is judged there.
  past[5]!.actual[0] = Number.NaN
  expect(fitForecastMargins(past, { judged: 1 })).toMatchObject({ coverage: { defined: false } })
})

test('a forecaster that is sure is widened by how far it was off', async () => {
  const sure: Forecaster = (training, horizon) => {
    const mean = new Float64Array(horizon).fill(training.at(-1)!)
    return { mean, low: mean, high: mean, confidence }
  }
  const { past } = await forecastFromPast(walk(60, 3), sure, { horizon: 2, origins: 40 })
  const margins = fitForecastMargins(past)
  if (margins.kind !== 'forecast-margins') throw new Error(margins.message)
  const { low, high } = applyForecastMargins(margins, sure(Float64Array.of(1), 2) as never)
  expect(high[0]! - low[0]!).toBeGreaterThan(1.5)
  expect(high[0]! - low[0]!).toBeLessThan(4)
})

test('too little is a reason, and what means nothing is refused', async () => {
  const { past } = await forecastFromPast(walk(40, 1), lastValue(1), { horizon: 2, origins: 3 })
  expect(fitForecastMargins(past)).toMatchObject({ kind: 'too-few-rows', rowsMin: 4 })
  expect(() => fitForecastMargins([])).toThrow('there must be a forecast of the past, got none')
  expect(() => fitForecastMargins(past, { pooled: 0 })).toThrow('pooled must be a whole number of at least 1, got 0')
  const [first, second] = past
  const odd = { ...second!, forecast: { ...second!.forecast, confidence: 0.9 } }
  expect(() => fitForecastMargins([first!, odd])).toThrow('one horizon and one confidence')
  const margins = fitForecastMargins((await forecastFromPast(walk(40, 1), lastValue(1), { horizon: 2 })).past)
  if (margins.kind !== 'forecast-margins') throw new Error(margins.message)
  expect(() => applyForecastMargins(margins, lastValue(1)(Float64Array.of(1), 3) as never)).toThrow(
    '2 steps at most, got 3',
  )
  const wrong = { ...(lastValue(1)(Float64Array.of(1), 2) as (typeof past)[0]['forecast']), confidence: 0.5 }
  expect(() => applyForecastMargins(margins, wrong)).toThrow('confidence must be 0.8, got 0.5')
  await expect(forecastFromPast([1, 2, 3], lastValue(1), { horizon: 1, newest: 3 })).rejects.toThrow(
    'of at most 2, got 3',
  )
})
