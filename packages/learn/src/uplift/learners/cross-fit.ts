import { nextTurn, RapportError, takeRows, type Work } from '@rapport/numerics'
import type { BaseLearner } from '../../base-learners/index.ts'
import { type Fold, foldsFrom, stratifiedKFold } from '../../selection/folds.ts'
import type { CheckedTrial } from '../trial-rows.ts'
import { fitArms, fitRows } from './arm-models.ts'

export interface CrossFitOptions {
  /**
   * Folds in which outcomes are predicted by models that did not see them, 2 or more; or the fold of each row, 0 … k − 1,
   * where rows of one customer belong together. Default 5, drawn so that each holds the same mix.
   */
  readonly folds?: number | ArrayLike<number>
}

/** The folds of a trial. @throws RapportError `folds.count`, `folds.class`, `folds.assigned`, `uplift.folds` */
export function crossFitFolds(
  { rows, treated, outcomes, isBinary }: CheckedTrial,
  { folds = 5 }: CrossFitOptions,
  seed: number,
): Fold[] {
  if (typeof folds !== 'number') {
    const given = foldsFrom(folds)
    if (folds.length === rows && given.length > 1) return given
    throw new RapportError(
      'uplift.folds',
      `folds must hold one number a row (${rows}) and two folds at least, got ${folds.length} and ${given.length}`,
    )
  }
  const cells = Int32Array.from(treated, (arm, row) => 2 * arm + (isBinary ? outcomes[row]! : 0))
  const sizes = [0, 0, 0, 0]
  for (const cell of cells) sizes[cell]! += 1
  // Responders of an arm that are fewer than the folds cannot be spread over them; arms can.
  const isSpread = sizes.every((size) => size === 0 || size >= folds)
  return stratifiedKFold(isSpread ? cells : treated, { folds, seed })
}

/** `[n]` the outcome expected of each row whatever its arm, by models that did not see it. */
export async function crossFittedMeans<Model>(
  trial: CheckedTrial,
  learner: BaseLearner<Model>,
  folds: readonly Fold[],
  seed: number,
  work: Work | undefined,
): Promise<Float64Array> {
  const expected = new Float64Array(trial.rows)
  const values = { targets: trial.outcomes, weights: trial.weights, seed }
  for (const [at, { train, test }] of folds.entries()) {
    await nextTurn(work)
    const model = await fitRows(learner, trial.data, train, values, work)
    spread(learner.predict(model, takeRows(trial.data, test)), test, expected)
    work?.onProgress?.({ stage: 'outcome fold', done: at + 1, total: folds.length })
  }
  return expected
}

/** What each customer is expected to do in either arm, by models that did not see them. */
export interface ArmMeans {
  /** `[n]` */
  readonly control: Float64Array
  readonly treatment: Float64Array
}

/** The outcome expected of each row in either arm, by models of the arms that did not see it. */
export async function crossFittedArmMeans<Model>(
  trial: CheckedTrial,
  learner: BaseLearner<Model>,
  folds: readonly Fold[],
  seed: number,
  work: Work | undefined,
): Promise<ArmMeans> {
  const expected = { control: new Float64Array(trial.rows), treatment: new Float64Array(trial.rows) }
  for (const [at, { train, test }] of folds.entries()) {
    await nextTurn(work)
    const models = await fitArms(trial, learner, seed, work, train)
    const tested = takeRows(trial.data, test)
    spread(learner.predict(models.control, tested), test, expected.control)
    spread(learner.predict(models.treatment, tested), test, expected.treatment)
    work?.onProgress?.({ stage: 'outcome fold', done: at + 1, total: folds.length })
  }
  return expected
}

function spread(values: Float64Array, rows: Int32Array, all: Float64Array): void {
  rows.forEach((row, at) => {
    all[row] = values[at]!
  })
}
