// Reference: statsforecast's auto_arima_f, exact likelihood, and statsmodels' kpss; made by golden/make/series-arima.py.
import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { hasRootNearUnitCircle } from './arma-polynomials.ts'
import { fitAutoArima } from './auto-arima.ts'
import { differencesNeeded, kpss, seasonalDifferencesNeeded } from './differencing-choice.ts'
import { expectClearRefusals, fitted } from './forecast.contract.ts'

interface Choice {
  name: string
  values: number[]
  period: number
  order: [number, number, number]
  seasonal: [number, number, number]
  aicc: number
  kpss: number
}
const { values: golden, agree } = readGolden<{ choices: Choice[] }>(new URL('golden/arima.json', import.meta.url))

test.each(golden.choices)('$name: the differences of statsforecast, and no worse an AICc', (choice) => {
  const { order, ...model } = fitted(fitAutoArima(choice.values, { period: choice.period }))
  expect([order.differences, order.seasonalDifferences]).toEqual([choice.order[1], choice.seasonal[1]])
  expect(model.aicc).toBeLessThan(choice.aicc + 0.01)
  if (choice.period === 12)
    expect(order).toMatchObject({ autoregressive: 0, movingAverage: 1, seasonalMovingAverage: 1 })
  agree('KPSS test', kpss(Float64Array.from(choice.values)), choice.kpss, 1e-10)
})

test('differences are found where they are needed', () => {
  const random = seededRandom(3)
  const noise = Float64Array.from({ length: 100 }, () => random.normal())
  let level = 0
  const walk = noise.map((value) => {
    level += value
    return level
  })
  expect(differencesNeeded(noise)).toBe(0)
  expect(differencesNeeded(walk)).toBe(1)
  expect(differencesNeeded(new Float64Array(30).fill(2))).toBe(0)
  expect(seasonalDifferencesNeeded(noise, 4)).toBe(0)
  expect(
    seasonalDifferencesNeeded(
      noise.map((value, at) => value + [9, -5, 2, -6][at % 4]!),
      4,
    ),
  ).toBe(1)
})

test('roots near the unit circle', () => {
  expect(hasRootNearUnitCircle(Float64Array.of(0.98))).toBe(false)
  expect(hasRootNearUnitCircle(Float64Array.of(0.995))).toBe(true)
  // 1 − 1.8 B + 0.81 B²: a double root at 1 / 0.9.
  expect(hasRootNearUnitCircle(Float64Array.of(1.8, -0.81))).toBe(false)
  expect(hasRootNearUnitCircle(Float64Array.of(0, 0, 0, 0.97))).toBe(true)
})

test('what it cannot use, stopping, and progress', () => {
  expectClearRefusals('arima', fitAutoArima)
  expect(() => fitAutoArima([1, Number.NaN, 3])).toThrow('got NaN at position 1')
  expect(fitAutoArima(new Float64Array(12).fill(5)).kind).toBe('arima')
  const values = golden.choices[1]!.values
  expect(() => fitAutoArima(values, {}, { signal: AbortSignal.abort() })).toThrow('stopped before')
  const done: number[] = []
  fitAutoArima(values.slice(0, 40), {}, { onProgress: (progress) => done.push(progress.done) })
  expect(done).toEqual([...done].sort((a, b) => a - b))
  expect(done.at(-1)).toBe(94)
})
