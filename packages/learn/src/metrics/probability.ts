import { RapportError } from '@rapport/numerics'
import { defined, type Metric, type MetricOptions, missing, type ScoredRows, scoredRows } from './metric.ts'

/**
 * Mean negative log likelihood of the labels, in nats. A probability of exactly 0 or 1 is moved inwards by 2⁻⁵², as in
 * scikit-learn, so one certain mistake costs 36 and not infinity.
 *
 * @param probabilities `[n]` 0 … 1, of class 1
 * @param labels `[n]` 0 or 1; one class is enough
 * @returns ≥ 0, or the reason that there is none
 * @throws RapportError `metrics.probabilities` when one lies outside 0 … 1, and as `rocAuc`
 *
 * @example
 * logLoss([0.5, 0.5], [0, 1]) // { defined: true, value: 0.6931471805599453 }
 */
export function logLoss(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): Metric {
  const rows = probabilityRows(probabilities, labels, options)
  return meanOf(rows, (probability, label) => {
    const inside = Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON)
    return label === 1 ? -Math.log(inside) : -Math.log1p(-inside)
  })
}

/**
 * The Brier score: mean squared difference of probability and label.
 *
 * @returns 0 … 1, or the reason that there is none
 * @throws RapportError as `logLoss`
 *
 * Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950.
 *
 * @example
 * brier([0.5, 1], [0, 1]) // { defined: true, value: 0.125 }
 */
export function brier(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): Metric {
  return meanOf(probabilityRows(probabilities, labels, options), (probability, label) => (probability - label) ** 2)
}

/**
 * Rows whose scores are probabilities.
 *
 * @throws RapportError `metrics.probabilities` when one lies outside 0 … 1, and as `scoredRows`
 */
export function probabilityRows(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: MetricOptions = {},
): ScoredRows {
  const rows = scoredRows(probabilities, labels, options)
  const wrong = rows.scores.findIndex((probability) => probability < 0 || probability > 1)
  if (wrong >= 0) {
    throw new RapportError(
      'metrics.probabilities',
      `every probability must be 0 … 1, got ${rows.scores[wrong]} at row ${wrong}`,
    )
  }
  return rows
}

function meanOf(rows: ScoredRows, loss: (probability: number, label: number) => number): Metric {
  const total = rows.positives + rows.negatives
  if (total === 0) return missing('no-rows')
  let sum = 0
  for (let row = 0; row < rows.n; row += 1) {
    if (rows.weights[row]! > 0) sum += rows.weights[row]! * loss(rows.scores[row]!, rows.labels[row]!)
  }
  return defined(sum / total)
}
