import { RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import type { Fold } from './folds.ts'

/** A method as cross-validation sees it: rows in, model out; model and rows in, predictions out. */
export interface CrossValidated<Model> {
  /** Fits on these rows and no others: medians, categories and choices of parameters too. */
  readonly fit: (train: Int32Array, fold: number) => Model | Promise<Model>
  /** `[test]` a prediction for each of these rows. */
  readonly predict: (model: Model, test: Int32Array, fold: number) => ArrayLike<number> | Promise<ArrayLike<number>>
}

/** What cross-validation found. */
export interface CrossValidation<Model> {
  /** `[n]` each row as predicted by a model that did not see it; NaN for rows that no fold tests. */
  readonly outOfFold: Float64Array
  /** `[n]` the fold that tested each row, or −1. */
  readonly fold: Int32Array
  /** One model a fold. */
  readonly models: readonly Model[]
}

/**
 * Fits on each fold's training rows and predicts its test rows.
 *
 * @param rows number of rows in all
 * @param folds from `kFold`, `timeSplit`, … ; a row is tested once at most
 * @throws RapportError `cross-validation.folds` when a row is out of range, tested twice, or both trained on and tested;
 *   `cross-validation.predictions` when a fold's predictions are not one a row; and what the method throws
 *
 * @example
 * await crossValidate(4, moduloFolds(4, 2), { fit: (train) => train.length, predict: (model, test) => Array.from(test, () => model) })
 */
export async function crossValidate<Model>(
  rows: number,
  folds: readonly Fold[],
  { fit, predict }: CrossValidated<Model>,
  work?: Work,
): Promise<CrossValidation<Model>> {
  const outOfFold = new Float64Array(rows).fill(Number.NaN)
  const tested = new Int32Array(rows).fill(-1)
  for (const [at, fold] of folds.entries()) claimRows(tested, fold, at)
  const models: Model[] = []
  for (const [at, { train, test }] of folds.entries()) {
    stopIfAborted(work)
    const model = await fit(train, at)
    const predictions = await predict(model, test, at)
    if (predictions.length !== test.length) {
      throw new RapportError(
        'cross-validation.predictions',
        `fold ${at} must give ${test.length} predictions, got ${predictions.length}`,
      )
    }
    test.forEach((row, place) => {
      outOfFold[row] = predictions[place]!
    })
    models.push(model)
    work?.onProgress?.({ stage: 'cross-validation fold', done: models.length, total: folds.length })
  }
  return { outOfFold, fold: tested, models }
}

function claimRows(tested: Int32Array, { train, test }: Fold, at: number): void {
  const training = new Set(train)
  for (const row of test) {
    if (!(row >= 0 && row < tested.length) || tested[row] !== -1 || training.has(row)) {
      throw new RapportError(
        'cross-validation.folds',
        `a row must lie in 0 … ${tested.length - 1} and be tested once by a fold that does not train on it, row ${row} of fold ${at} does not`,
      )
    }
    tested[row] = at
  }
}
