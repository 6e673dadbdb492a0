import { RapportError } from '@rapport/numerics'
import type { Fold } from './folds.ts'

export interface RollingFoldOptions {
  /** Time that each test covers after its origin, above 0, in the unit of `times`. */
  readonly horizon: number
  /** Number of origins, ≥ 1. Default 5. */
  readonly origins?: number
  /** Time from one origin to the next, above 0. Default: the horizon, so that tests follow each other. */
  readonly step?: number
  /** Time before the origin that is not trained on, as where outcomes take so long to be known. Default 0. */
  readonly gap?: number
  /** Time of training before the gap: older rows are left out. Default: all. */
  readonly window?: number
}

/**
 * Splits rows as if the model had been trained and used before: at each origin it trains on what came earlier and is tested on
 * the time that follows. The last test ends with the latest row.
 *
 * Unlike `timeSplit`, whose periods hold equally many rows, every test covers the same time.
 *
 * @param times `[n]` finite, any unit and order
 * @returns `origins` folds, the earliest first; with a step below the horizon tests overlap, which `crossValidate` refuses
 * @throws RapportError `folds.times`, `folds.count`, `folds.horizon`, and `folds.moments` when a fold has no rows to train or test on
 *
 * Source: Tashman, "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16(4), 2000. For rows one
 * unit apart the same as scikit-learn's `TimeSeriesSplit`.
 *
 * @example
 * rollingFolds([1, 2, 3, 4, 5], { horizon: 1, origins: 2 })[0] // train [0, 1, 2], test [3]
 */
export function rollingFolds(
  times: ArrayLike<number>,
  { horizon, origins = 5, step = horizon, gap = 0, window = Infinity }: RollingFoldOptions,
): Fold[] {
  if (!Number.isInteger(origins) || origins < 1) {
    throw new RapportError('folds.count', `origins must be a whole number ≥ 1, got ${origins}`)
  }
  const isFinitePositive = (value: number): boolean => value > 0 && value < Infinity
  if (!isFinitePositive(horizon) || !isFinitePositive(step) || !(gap >= 0) || !(window > 0)) {
    throw new RapportError(
      'folds.horizon',
      `horizon, step and window must be above 0 and gap at least 0, got ${horizon}, ${step}, ${window} and ${gap}`,
    )
  }
  let last = -Infinity
  for (let row = 0; row < times.length; row += 1) {
    const time = times[row]!
    if (!Number.isFinite(time))
      throw new RapportError('folds.times', `every time must be finite, got ${time} at row ${row}`)
    last = Math.max(last, time)
  }
  return Array.from({ length: origins }, (_, at) => {
    const end = last - (origins - 1 - at) * step
    const origin = end - horizon
    const train: number[] = []
    const test: number[] = []
    for (let row = 0; row < times.length; row += 1) {
      const time = times[row]!
      if (time > origin && time <= end) test.push(row)
      if (time <= origin - gap && time > origin - gap - window) train.push(row)
    }
    if (train.length === 0 || test.length === 0) {
      throw new RapportError(
        'folds.moments',
        `every fold must have rows before and after its origin, fold ${at} has ${train.length} before and ${test.length} after`,
      )
    }
    return { train: Int32Array.from(train), test: Int32Array.from(test) }
  })
}
