import { RapportError } from '@rapport/numerics'
import { applyBetaCalibration, type BetaCalibrationModel, fitBetaCalibration } from './beta-calibration.ts'
import { type Fold, foldsFrom } from './folds.ts'
import { applyIsotonic, fitIsotonic, type IsotonicModel } from './isotonic.ts'
import { applyPlatt, fitPlatt, type PlattModel } from './platt.ts'

/** A fitted map from scores to probabilities. */
export type Calibration = BetaCalibrationModel | IsotonicModel | PlattModel

export interface CalibrationOptions {
  /**
   * `isotonic` from some hundred rows of the rarer class on; below, `beta` for probabilities or `platt` for log odds. Default
   * `isotonic`.
   */
  readonly method?: 'isotonic' | 'beta' | 'platt'
}

/** A calibration with the honest probabilities to judge it by. */
export interface CrossFittedCalibration {
  /** Fitted on all rows: what new customers' scores go through. */
  readonly calibration: Calibration
  /** `[n]` each row calibrated by a fit that did not see its fold: for metrics and curves. */
  readonly probabilities: Float64Array
}

/**
 * Calibrates out-of-fold scores without judging the calibration on rows that it was fitted to.
 *
 * @param scores `[n]` each row's score by a model that did not see it (`crossValidate`'s `outOfFold`)
 * @param labels `[n]` 0 or 1
 * @param fold `[n]` the fold that each row was tested in, 0 … k − 1, at least two
 * @throws RapportError `calibration.lengths`, `calibration.folds`, and those of the method; `platt` and `beta` need
 *   both classes outside every fold
 *
 * @example
 * crossFittedCalibration(outOfFold, labels, fold).probabilities // honest, calibrated
 */
export function crossFittedCalibration(
  scores: Float64Array,
  labels: ArrayLike<number>,
  fold: ArrayLike<number>,
  { method = 'isotonic' }: CalibrationOptions = {},
): CrossFittedCalibration {
  if (labels.length !== scores.length || fold.length !== scores.length) {
    throw new RapportError(
      'calibration.lengths',
      `scores, labels and fold must have one length, got ${scores.length}, ${labels.length} and ${fold.length}`,
    )
  }
  const folds: Fold[] = foldsFrom(fold)
  if (folds.length < 2)
    throw new RapportError('calibration.folds', `there must be at least 2 folds, got ${folds.length}`)
  const fit = (rows: ArrayLike<number>): Calibration => {
    const ownScores = Float64Array.from(rows, (row) => scores[row]!)
    const ownLabels = Float64Array.from(rows, (row) => labels[row]!)
    return fitters[method](ownScores, ownLabels)
  }
  const probabilities = new Float64Array(scores.length)
  for (const { train, test } of folds) {
    const calibrated = applyCalibration(
      fit(train),
      Float64Array.from(test, (row) => scores[row]!),
    )
    test.forEach((row, at) => {
      probabilities[row] = calibrated[at]!
    })
  }
  return { calibration: fit(Int32Array.from(scores, (_, row) => row)), probabilities }
}

/** The calibrated probabilities, `[n]`, by whichever method. */
export function applyCalibration(model: Calibration, scores: ArrayLike<number>): Float64Array {
  if (model.kind === 'isotonic') return applyIsotonic(model, scores)
  return model.kind === 'platt' ? applyPlatt(model, scores) : applyBetaCalibration(model, scores)
}

const fitters: Readonly<
  Record<NonNullable<CalibrationOptions['method']>, (s: Float64Array, l: Float64Array) => Calibration>
> = {
  isotonic: (scores, labels) => fitIsotonic(scores, labels),
  beta: (scores, labels) => fitBetaCalibration(scores, labels),
  platt: fitPlatt,
}
