import { checkList, matrix, RapportError } from '@rapport/numerics'
import { checkedWeights, meanWeightOf } from '../linear/checked-numbers.ts'
import { fitLogistic, type LogisticModel } from '../linear/index.ts'

/** A beta map of a probability. Plain data. */
export interface BetaCalibrationModel {
  readonly kind: 'beta-calibration'
  /** What ln p is multiplied by, ≥ 0. */
  readonly a: number
  /** What −ln(1 − p) is multiplied by, ≥ 0. */
  readonly b: number
  readonly intercept: number
}

export interface BetaCalibrationOptions {
  /** `[n]` each ≥ 0, not all 0. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/**
 * Beta calibration: log odds = a ln p − b ln(1 − p) + c, with a, b ≥ 0 so that it never falls.
 *
 * Three parameters: S-shapes and their opposites, and also the identity, which a sigmoid of p cannot be. So it does no harm to
 * probabilities that are right already. For few rows, as Platt's, but given probabilities and not log odds.
 *
 * @param probabilities `[n]` 0 … 1, of rows that the scoring model was not trained on; 0 and 1 are moved inwards by 2⁻⁵²
 * @param labels `[n]` 0 or 1, both present
 * @throws RapportError `beta-calibration.lengths`, `.values`, `.constant` (one probability in all rows), `.separated` (no finite
 *   fit: take `fitPlatt`), `.weights`, and `logistic.labels`
 *
 * Source: Kull, Silva Filho & Flach, "Beta calibration", AISTATS 2017. As the package betacal with parameters `abm`.
 *
 * @example
 * fitBetaCalibration([0.1, 0.2, 0.3, 0.6, 0.7, 0.9], [0, 0, 1, 0, 1, 1]).a > 0 // true
 */
export function fitBetaCalibration(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: BetaCalibrationOptions = {},
): BetaCalibrationModel {
  checkList('beta-calibration.values', 'probabilities', probabilities)
  checkList('beta-calibration.labels', 'labels', labels)
  const n = probabilities.length
  if (labels.length !== n) {
    throw new RapportError(
      'beta-calibration.lengths',
      `probabilities and labels must have one length, got ${n} and ${labels.length}`,
    )
  }
  const given = checkedWeights('beta-calibration', n, options.weights)
  // Only their shares matter; around 1 no bound of the fit does.
  const meanWeight = meanWeightOf(given)
  const weights = given.map((weight) => weight / meanWeight)
  const inside = Float64Array.from(probabilities, insideOf)
  const known = inside.find((_, row) => weights[row]! > 0)
  if (inside.every((probability, row) => weights[row] === 0 || probability === known)) {
    throw new RapportError(
      'beta-calibration.constant',
      `probabilities must differ, got ${known === undefined ? 'no rows' : `${known} in every row`}`,
    )
  }
  const columns = [inside.map(Math.log), inside.map((probability) => -Math.log1p(-probability))] as const
  const fit = (used: readonly (0 | 1)[]): LogisticModel => {
    const values = Float64Array.from({ length: n * used.length }, (_, at) => {
      return columns[used[at % used.length]!][Math.floor(at / used.length)]!
    })
    const model = fitLogistic(matrix(n, used.length, values), labels, { weights, penalty: 0, tolerance: 1e-10 })
    if (!model.converged || !model.coefficients.every((value) => Math.abs(value) < 1e6)) {
      throw new RapportError(
        'beta-calibration.separated',
        'the probabilities of the classes must overlap, got classes that a threshold separates',
      )
    }
    return model
  }
  const both = fit([0, 1])
  const [a, b] = [both.coefficients[0]!, both.coefficients[1]!]
  if (a >= 0 && b >= 0) return { kind: 'beta-calibration', a, b, intercept: both.intercept }
  // A part that would fall is left out, and what is left fitted again, as the paper does.
  const kept = a < 0 ? 1 : 0
  const alone = fit([kept])
  const slope = alone.coefficients[0]!
  if (slope < 0) return { kind: 'beta-calibration', a: 0, b: 0, intercept: logOddsOf(labels, weights) }
  return { kind: 'beta-calibration', a: kept === 0 ? slope : 0, b: kept === 1 ? slope : 0, intercept: alone.intercept }
}

/**
 * The calibrated probabilities.
 *
 * @param probabilities `[n]` 0 … 1
 * @returns `[n]` in (0, 1), never falling as the probabilities rise
 * @throws RapportError `beta-calibration.values`
 */
export function applyBetaCalibration(model: BetaCalibrationModel, probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(probabilities, (given, row) => {
    const probability = insideOf(given, row)
    const logOdds = model.a * Math.log(probability) - model.b * Math.log1p(-probability) + model.intercept
    return 1 / (1 + Math.exp(-logOdds))
  })
}

function insideOf(probability: number, row: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RapportError(
      'beta-calibration.values',
      `every probability must be 0 … 1, got ${probability} at row ${row}`,
    )
  }
  return Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON)
}

/** Log odds of class 1 where probabilities say nothing. */
function logOddsOf(labels: ArrayLike<number>, weights: Float64Array): number {
  const totals = [0, 0]
  weights.forEach((weight, row) => {
    totals[labels[row]!]! += weight
  })
  return Math.log(totals[1]! / totals[0]!)
}
