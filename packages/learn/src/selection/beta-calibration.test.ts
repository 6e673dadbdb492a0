import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { expectedCalibrationError, metricValue } from '../metrics/index.ts'
import { applyBetaCalibration, crossFittedCalibration, fitBetaCalibration } from './index.ts'

// Reference: betacal 1.1.0 with its logistic regression gone on to 1e-12; made by golden/make/selection.py. The two optimisers end
// where rounding stops them: 1e-7. Probabilities turned round are left out: betacal then fits a falling map.
const { values: golden, agree } = readGolden<{
  cases: {
    name: string
    probabilities: number[]
    labels: number[]
    weights: number[]
    grid: number[]
    plain: number[]
    weighted: number[]
    coefficients: number[]
  }[]
}>(new URL('golden/beta-calibration.json', import.meta.url))

test.each(golden.cases.filter(({ name }) => name !== 'turned round'))('$name: as betacal', (fit) => {
  const model = fitBetaCalibration(fit.probabilities, fit.labels)
  agree('beta calibration', [model.a, model.b], fit.coefficients, 1e-7)
  agree('beta calibration', applyBetaCalibration(model, fit.grid), fit.plain, 1e-7)
  const { weights } = fit
  const weighted = fitBetaCalibration(fit.probabilities, fit.labels, { weights })
  agree('beta calibration', applyBetaCalibration(weighted, fit.grid), fit.weighted, 1e-7)
})

test('probabilities that are the wrong way round become the share of class 1', () => {
  const { probabilities, labels, grid } = golden.cases.find(({ name }) => name === 'turned round')!
  const model = fitBetaCalibration(probabilities, labels)
  expect([model.a, model.b]).toEqual([0, 0])
  const share = labels.reduce((sum, label) => sum + label / labels.length, 0)
  for (const value of applyBetaCalibration(model, grid)) expect(value).toBeCloseTo(share, 12)
})

test('probabilities that are right stay as they are, and distorted ones are mended', () => {
  const random = seededRandom(2)
  const truth = Float64Array.from({ length: 20_000 }, () => random.uniform())
  const labels = truth.map((probability) => (random.uniform() < probability ? 1 : 0))
  const kept = applyBetaCalibration(fitBetaCalibration(truth, labels), [0.1, 0.5, 0.9])
  ;[0.1, 0.5, 0.9].forEach((probability, at) => {
    expect(Math.abs(kept[at]! - probability)).toBeLessThan(0.02)
  })
  const shy = truth.map((probability) => 0.3 + 0.4 * probability)
  const fold = Int32Array.from(shy, (_, row) => row % 5)
  const { calibration, probabilities } = crossFittedCalibration(shy, labels, fold, { method: 'beta' })
  expect(calibration.kind).toBe('beta-calibration')
  expect(metricValue(expectedCalibrationError(shy, labels))).toBeGreaterThan(0.1)
  expect(metricValue(expectedCalibrationError(probabilities, labels))).toBeLessThan(0.03)
})

test('certain probabilities are moved inwards, and what has no fit is refused', () => {
  const model = fitBetaCalibration([0, 0.4, 0.3, 1, 0.6, 0.5], [0, 1, 0, 1, 0, 1])
  const ends = applyBetaCalibration(model, [0, 1])
  expect(ends[0]! > 0 && ends[0]! < ends[1]! && ends[1]! <= 1).toBe(true)
  expect(() => fitBetaCalibration([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])).toThrow('must overlap')
  expect(() => fitBetaCalibration([0.5, 0.5], [0, 1])).toThrow('probabilities must differ, got 0.5 in every row')
  expect(() => fitBetaCalibration([1.2, 0.5], [0, 1])).toThrow('every probability must be 0 … 1, got 1.2 at row 0')
  expect(() => fitBetaCalibration([0.2], [0, 1])).toThrow('one length, got 1 and 2')
  expect(() => fitBetaCalibration([0.2, 0.5, 0.4], [1, 1, 1])).toThrow()
  expect(() => fitBetaCalibration([], [])).toThrow('probabilities must differ, got no rows')
})
