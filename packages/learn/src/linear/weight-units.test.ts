import { matrix, type RapportError, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitKMeans } from '../clustering/index.ts'
import { rocAuc } from '../metrics/index.ts'
import { fitBetaCalibration } from '../selection/index.ts'
import { fitCox, fitKaplanMeier } from '../survival/index.ts'
import { fitBoosting } from '../trees/index.ts'
import { fitGeneralisedLinear, fitLogistic } from './index.ts'

const random = seededRandom(5)
const n = 80
const data = matrix(
  n,
  3,
  Float64Array.from({ length: n * 3 }, () => random.normal()),
)
const score = Float64Array.from({ length: n }, (_, row) => data.values[3 * row]! + random.normal())
const labels = score.map((value) => Number(value > 0))
const counts = score.map((value) => Math.round(Math.abs(3 * value)))
const probabilities = score.map((value, row) => 1 / (1 + Math.exp(-value - Math.sin(row))))
const durations = score.map((value) => Math.abs(value) + 0.1)
const weights = Float64Array.from({ length: n }, (_, row) => 1 + (row % 4))

const unpenalised: Record<string, (weights: Float64Array) => ArrayLike<number>> = {
  logistic: (own) => fitLogistic(data, labels, { penalty: 0, weights: own }).coefficients,
  poisson: (own) => fitGeneralisedLinear(data, counts, { family: 'poisson', penalty: 0, weights: own }).coefficients,
  cox: (own) => {
    const model = fitCox(data, { durations, events: labels, weights: own })
    if (model.kind !== 'cox') throw new Error(model.message)
    return model.coefficients
  },
  beta: (own) => Object.values(fitBetaCalibration(probabilities, labels, { weights: own })).slice(1) as number[],
}

test.each(Object.entries(unpenalised))(
  '%s without a penalty: the unit of weights does not matter',
  (_, coefficientsAt) => {
    const expected = Array.from(coefficientsAt(weights))
    for (const unit of [1e-80, 1e-30, 1e-6, 1e6, 1e30, 1e80]) {
      Array.from(coefficientsAt(weights.map((weight) => weight * unit))).forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at]!, 6)
      })
    }
  },
)

const doors: Record<string, (weights: Float64Array) => unknown> = {
  logistic: (own) => fitLogistic(data, labels, { weights: own }),
  boosting: (own) => fitBoosting(data, labels, { rounds: 2, weights: own, seed: 1 }),
  'k-means': (own) => fitKMeans(data, { clusters: 2, weights: own, seed: 1 }),
  'kaplan-meier': (own) => fitKaplanMeier({ durations, events: labels, weights: own }),
  metrics: (own) => rocAuc(score, labels, { weights: own }),
}

test.each(Object.entries(doors))('%s refuses weights whose sum is no number to divide by', async (method, take) => {
  for (const unit of [1e307, 1e-310]) {
    const refusal = await (async () => take(weights.map((weight) => weight * unit)))().catch((error) => error)
    expect((refusal as RapportError).code).toBe(`${method}.weights`)
    expect((refusal as RapportError).message).toMatch(/weights must add up to between 1e-90 and 1e90, got/)
  }
})
