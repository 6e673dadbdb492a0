import { checkList, matrix, RapportError } from '@rapport/numerics'
import { fitLogistic } from '../linear/index.ts'

/** A sigmoid of a score. Plain data. */
export interface PlattModel {
  readonly kind: 'platt'
  /** Change of the log odds per unit of the score. */
  readonly slope: number
  readonly intercept: number
}

/**
 * Platt's calibration: probability = 1 / (1 + exp(−(slope · score + intercept))).
 *
 * Two parameters, so it works with few rows where isotonic regression would follow noise; right when the score's
 * distortion is a sigmoid (give it log odds, not probabilities). Labels are drawn a little inwards, as Platt did, which
 * keeps the fit finite when the score separates the classes.
 *
 * @param scores `[n]` finite, of rows that the scoring model was not trained on
 * @param labels `[n]` 0 or 1, both present
 * @throws RapportError `platt.constant` when all scores are equal, and those of `fitLogistic`
 *
 * Source: Platt, "Probabilistic outputs for support vector machines", 1999; Lin, Lin & Weng, Machine Learning 68, 2007.
 *
 * @example
 * fitPlatt([-1, -2, 1, 2], [0, 0, 1, 1]).slope > 0 // true
 */
export function fitPlatt(scores: ArrayLike<number>, labels: ArrayLike<number>): PlattModel {
  checkList('platt.scores', 'scores', scores)
  checkList('platt.labels', 'labels', labels)
  const n = scores.length
  const first = scores[0]
  if (n > 0 && Array.prototype.every.call(scores, (score: unknown) => score === first)) {
    throw new RapportError('platt.constant', `scores must differ, got ${first} in every row`)
  }
  let positives = 0
  for (let row = 0; row < labels.length; row += 1) positives += labels[row] === 1 ? 1 : 0
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (labels.length - positives + 2)
  // A target t between 0 and 1 is the row twice: with weight t as class 1 and 1 − t as class 0.
  const values = new Float64Array(2 * n)
  const classes = new Uint8Array(2 * labels.length)
  const weights = new Float64Array(2 * labels.length)
  for (let row = 0; row < n; row += 1) {
    values[2 * row] = scores[row]!
    values[2 * row + 1] = scores[row]!
  }
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row]!
    if (label !== 0 && label !== 1) {
      throw new RapportError('platt.labels', `every label must be 0 or 1, got ${label} at row ${row}`)
    }
    const target = label === 1 ? high : low
    classes[2 * row] = 1
    weights[2 * row] = target
    weights[2 * row + 1] = 1 - target
  }
  if (positives === 0 || positives === labels.length) {
    throw new RapportError(
      'platt.one-class',
      `labels must hold both classes, got ${positives} of class 1 in ${labels.length}`,
    )
  }
  const { coefficients, intercept } = fitLogistic(matrix(2 * n, 1, values), classes, { weights, penalty: 0 })
  return { kind: 'platt', slope: coefficients[0]!, intercept }
}

/**
 * The calibrated probabilities.
 *
 * @param scores `[n]` without NaN
 * @returns `[n]` in [0, 1]
 * @throws RapportError `platt.values` when a score is NaN
 */
export function applyPlatt(model: PlattModel, scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(scores, (score) => {
    if (Number.isNaN(score)) throw new RapportError('platt.values', 'every score must be a number, got NaN')
    return 1 / (1 + Math.exp(-(model.slope * score + model.intercept)))
  })
}
