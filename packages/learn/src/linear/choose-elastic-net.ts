import { type Matrix, RapportError, stopIfAborted, takeRows, type Work } from '@rapport/numerics'
import type { Fold } from '../selection/folds.ts'
import { checkedNumbers, checkedWeights } from './checked-numbers.ts'
import {
  type ElasticNetModel,
  type ElasticNetPathOptions,
  fitElasticNet,
  fitElasticNetPath,
  predictElasticNet,
} from './elastic-net.ts'

export interface ElasticNetChoiceOptions extends Omit<ElasticNetPathOptions, 'l1Share'> {
  /** Shares of the absolute penalty to try, each 0 … 1. Default [0.5, 0.9, 1]. */
  readonly l1Shares?: readonly number[]
  /**
   * `best`: the smallest error. `one-error`: the strongest penalty of the same share whose error is within one standard
   * error of it, for fewer columns. Default `best`.
   */
  readonly rule?: 'best' | 'one-error'
}

/** What cross-validation says of one share. */
export interface ElasticNetTrial {
  readonly l1Share: number
  /** `[penalties]`, falling. */
  readonly penalties: Float64Array
  /** `[penalties]` mean squared error on held-out rows; folds count by the weight of their rows. */
  readonly meanErrors: Float64Array
  /** `[penalties]` of those means, from the folds' spread. */
  readonly standardErrors: Float64Array
}

/** What `chooseElasticNet` found. Plain data. */
export interface ElasticNetChoice {
  readonly kind: 'elastic-net-choice'
  /** Fitted on all rows with the share and penalty that were chosen. */
  readonly model: ElasticNetModel
  /** Held-out mean squared error of that share and penalty. It chose them, so it is a little too good. */
  readonly error: number
  /** In the order of `l1Shares`. */
  readonly trials: readonly ElasticNetTrial[]
}

/**
 * The elastic net whose penalty and share predict held-out rows best.
 *
 * Every fold fits the path of penalties that all rows give, on its training rows alone.
 *
 * @param folds from `kFold`, `groupKFold`, `timeSplit`, …; 2 or more
 * @throws RapportError as `fitElasticNetPath`; `elastic-net.folds`, `elastic-net.shares`
 *
 * Cost: that of a path for each fold and share.
 */
export function chooseElasticNet(
  data: Matrix,
  targets: ArrayLike<number>,
  folds: readonly Fold[],
  options: ElasticNetChoiceOptions = {},
  work?: Work,
): ElasticNetChoice {
  const { l1Shares = [0.5, 0.9, 1], rule = 'best', ...settings } = options
  if (folds.length < 2) throw new RapportError('elastic-net.folds', `folds must be at least 2, got ${folds.length}`)
  if (l1Shares.length === 0) throw new RapportError('elastic-net.shares', 'l1Shares must hold at least one, got none')
  const rows: Rows = {
    data,
    targets: checkedNumbers('elastic-net', 'targets', data.rows, targets),
    weights: checkedWeights('elastic-net', data.rows, settings.weights),
  }
  const quiet = work && { ...work, onProgress: () => {} }
  const trials = l1Shares.map((l1Share, at) => {
    const trial = tryShare(rows, folds, l1Share, settings, quiet)
    work?.onProgress?.({ stage: 'elastic net share', done: at + 1, total: l1Shares.length })
    return trial
  })
  let best = { trial: trials[0]!, at: 0 }
  for (const trial of trials) {
    trial.meanErrors.forEach((error, at) => {
      if (error < best.trial.meanErrors[best.at]!) best = { trial, at }
    })
  }
  const { l1Share, penalties, meanErrors, standardErrors } = best.trial
  const limit = meanErrors[best.at]! + (rule === 'one-error' ? standardErrors[best.at]! : 0)
  const chosen = meanErrors.findIndex((error) => error <= limit)
  const model = fitElasticNet(data, targets, { ...settings, l1Share, penalty: penalties[chosen]! })
  return { kind: 'elastic-net-choice', model, error: meanErrors[chosen]!, trials }
}

interface Rows {
  readonly data: Matrix
  readonly targets: Float64Array
  readonly weights: Float64Array
}

function tryShare(
  all: Rows,
  folds: readonly Fold[],
  l1Share: number,
  settings: ElasticNetPathOptions,
  work: Work | undefined,
): ElasticNetTrial {
  const { penalties } = fitElasticNetPath(all.data, all.targets, { ...settings, l1Share }, work)
  const shares = folds.map(({ test }) => totalOf(all.weights, test))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const errors = folds.map(({ train, test }) => {
    stopIfAborted(work)
    const training = takenRows(all, train)
    const { models } = fitElasticNetPath(
      training.data,
      training.targets,
      { ...settings, l1Share, penalties, weights: training.weights },
      work,
    )
    const tested = takenRows(all, test)
    return models.map((model) => meanSquaredError(predictElasticNet(model, tested.data), tested))
  })
  const meanErrors = penalties.map((_, at) =>
    errors.reduce((sum, fold, k) => sum + (shares[k]! / total) * fold[at]!, 0),
  )
  const standardErrors = penalties.map((_, at) => {
    const squares = errors.reduce((sum, fold) => sum + (fold[at]! - meanErrors[at]!) ** 2, 0)
    return Math.sqrt(squares / (folds.length - 1) / folds.length)
  })
  return { l1Share, penalties, meanErrors, standardErrors }
}

const takenRows = ({ data, targets, weights }: Rows, rows: Int32Array): Rows => ({
  data: takeRows(data, rows),
  targets: Float64Array.from(rows, (row) => targets[row]!),
  weights: Float64Array.from(rows, (row) => weights[row]!),
})

function totalOf(weights: Float64Array, test: Int32Array): number {
  const total = test.reduce((sum, row) => sum + weights[row]!, 0)
  if (!(total > 0))
    throw new RapportError('elastic-net.folds', 'every fold must test rows with weight, got one without')
  return total
}

function meanSquaredError(predicted: Float64Array, { targets, weights }: Rows): number {
  let squares = 0
  let total = 0
  predicted.forEach((value, row) => {
    squares += weights[row]! * (value - targets[row]!) ** 2
    total += weights[row]!
  })
  return squares / total
}
