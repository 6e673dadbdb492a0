import { RapportError, seededRandom, stopIfAborted, type Work } from '@rapport/numerics'
import type { Fold } from './folds.ts'
import { checkStrata, nestedOrder, withFirstRows } from './search/nested-rows.ts'

/** Errors of one fit: on the rows that it was trained on, and on those that it was not. */
export interface FoldErrors {
  readonly train: number
  readonly test: number
}

export interface LearningCurveOptions {
  /** Shares of each fold's training rows, rising, above 0 and up to 1. Default 0.1, 0.2, 0.4, 0.7, 1. */
  readonly shares?: readonly number[]
  /** Class of each row of the data: smaller samples then have the same mix. Default: none. */
  readonly strata?: ArrayLike<number>
  /** The same seed and folds give the same samples; each is part of the next larger one. */
  readonly seed: number
}

/** How a method fares with so many training rows. */
export interface LearningPoint {
  /** Mean number of training rows. */
  readonly rows: number
  /** Means over the folds. */
  readonly train: number
  readonly test: number
  /** Standard error of the mean test error over the folds, as if they were independent; NaN for one fold. */
  readonly testStandardError: number
}

/**
 * How training and test errors change with the number of training rows. Where the two lie apart and the test error still falls, more
 * rows help; where they have met, only another method or other columns do.
 *
 * @param folds from `kFold`, `timeSplit`, …
 * @param evaluate fits on a fold's training rows and gives both errors
 * @throws RapportError `learning-curve.folds`, `.shares`, `.strata`, and what `evaluate` throws
 *
 * Cost: one fit a share and fold.
 *
 * @example
 * await learningCurve(kFold(500, { seed: 1 }), ({ train, test }) => errorsOf(train, test), { seed: 1 })
 */
export async function learningCurve(
  folds: readonly Fold[],
  evaluate: (fold: Fold, at: number) => FoldErrors | Promise<FoldErrors>,
  { shares = [0.1, 0.2, 0.4, 0.7, 1], strata, seed }: LearningCurveOptions,
  work?: Work,
): Promise<LearningPoint[]> {
  if (folds.length === 0) throw new RapportError('learning-curve.folds', 'there must be at least one fold, got none')
  const isRising = shares.every((share, at) => share > (shares[at - 1] ?? 0) && share <= 1)
  if (shares.length === 0 || !isRising) {
    throw new RapportError(
      'learning-curve.shares',
      `shares must rise, above 0 and up to 1, got ${shares.join(', ') || 'none'}`,
    )
  }
  checkStrata('learning-curve', folds, strata)
  const random = seededRandom(seed)
  const orders = folds.map(({ train }, at) => nestedOrder(train, strata, random.fork(at)))
  const points: LearningPoint[] = []
  for (const share of shares) {
    const errors: FoldErrors[] = []
    let rows = 0
    for (const [at, fold] of folds.entries()) {
      stopIfAborted(work)
      const some = withFirstRows(fold, orders[at]!, Math.ceil(share * fold.train.length))
      rows += some.train.length / folds.length
      errors.push(await evaluate(some, at))
    }
    points.push({ rows, ...meansOf(errors) })
    work?.onProgress?.({ stage: 'learning curve', done: points.length, total: shares.length })
  }
  return points
}

function meansOf(errors: readonly FoldErrors[]): Omit<LearningPoint, 'rows'> {
  const n = errors.length
  let [train, test, squares] = [0, 0, 0]
  for (const one of errors) {
    train += one.train / n
    test += one.test / n
  }
  for (const one of errors) squares += (one.test - test) ** 2
  return { train, test, testStandardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN }
}
