import { checkFinite, checkSquarable, type Matrix, RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { interceptOf } from './centred-columns.ts'
import { checkedNumbers, checkedWeights, checkPenalty, checkShare, checkStopping } from './checked-numbers.ts'
import {
  type ElasticNetProblem,
  type ElasticNetSolution,
  elasticNetProblem,
  solveElasticNet,
} from './elastic-net-problem.ts'
import { linearScores } from './linear-scores.ts'

/** What a single fit and a path have in common. */
export interface ElasticNetSettings {
  /** Share of the penalty that is absolute, 0 … 1: 1 is the lasso, 0 ridge regression. Default 1. */
  readonly l1Share?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
  /**
   * Stop when a round changed no column's part by more than this share of the targets' spread, and the objective is
   * proven to lie above its minimum by no more than this share. Default 1e-6.
   */
  readonly tolerance?: number
  /** Stop after this many rounds over the columns in any case. Default 10,000. */
  readonly roundsMax?: number
}

export interface ElasticNetOptions extends ElasticNetSettings {
  /** λ ≥ 0 on the scale of the mean squared error, so that it suits any number of rows: scikit-learn's alpha. */
  readonly penalty: number
}

/** What `fitElasticNet` found. Plain data. */
export interface ElasticNetModel {
  readonly kind: 'elastic-net'
  readonly intercept: number
  /** `[d]`, exactly 0 for the columns that the penalty keeps out. */
  readonly coefficients: Float64Array
  readonly penalty: number
  readonly l1Share: number
  readonly rounds: number
  /** At most this share of the targets' spread lies between the objective and its minimum. */
  readonly gap: number
  /** False when `roundsMax` came first. */
  readonly converged: boolean
}

/**
 * Linear regression with a penalty that keeps coefficients small and, by its absolute part, most of them at zero.
 *
 * Minimised: Σ w error² / (2 Σ w) + penalty · (l1Share Σ |β| + (1 − l1Share) / 2 Σ β²), as scikit-learn and glmnet do;
 * the intercept is free. Scale columns first, so that one penalty suits all.
 *
 * @param data `[n × d]`, finite
 * @param targets `[n]` finite
 * @throws RapportError `elastic-net.data`, `elastic-net.missing`, `elastic-net.range`, `elastic-net.targets`, `elastic-net.weights`,
 *   `elastic-net.penalty`, `elastic-net.share`, `elastic-net.tolerance`, `elastic-net.rounds`; `elastic-net.dependent`
 *   when the penalty is 0 and a column is constant or a combination of others
 *
 * Cost: n d² / 2 once and d² a round, or n d a round with more columns than rows or than 1,000.
 * Source: Friedman, Hastie & Tibshirani, J. Statistical Software 33(1), 2010.
 *
 * @example
 * fitElasticNet(matrixFromRows([[0, 1], [1, 0], [2, 0], [3, 1]]), [0, 1, 2, 3], { penalty: 0.1 }).coefficients[1] // 0
 */
export function fitElasticNet(data: Matrix, targets: ArrayLike<number>, options: ElasticNetOptions): ElasticNetModel {
  checkPenalty('elastic-net', options.penalty)
  const { problem, settings } = prepareElasticNet(data, targets, options)
  return modelAt(problem, settings, options.penalty, new Float64Array(data.columns))
}

/**
 * The expected target of each row, `[n]`.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `elastic-net.columns` when d differs from training, `elastic-net.missing`
 */
export const predictElasticNet = (model: ElasticNetModel, data: Matrix): Float64Array =>
  linearScores('elastic-net', model, data)

export interface ElasticNetPathOptions extends ElasticNetSettings {
  /** Penalties, each ≥ 0, in any order. Default: `penaltyCount` from the smallest that keeps all at zero, downwards. */
  readonly penalties?: ArrayLike<number>
  /** How many penalties, evenly spaced in their logarithms. Default 100. */
  readonly penaltyCount?: number
  /** The smallest of them as a share of the largest, above 0 and below 1. Default 0.001. */
  readonly penaltyRatio?: number
}

/** What `fitElasticNetPath` found. Plain data. */
export interface ElasticNetPath {
  readonly kind: 'elastic-net-path'
  /** `[penalties]`, falling. */
  readonly penalties: Float64Array
  /** A model a penalty. */
  readonly models: readonly ElasticNetModel[]
}

/**
 * Elastic nets for many penalties, the strongest first, each beginning where the one before ended: the way in which
 * columns come in says which matter most.
 *
 * @throws RapportError as `fitElasticNet`; `elastic-net.path` when the penalties asked for make no path, `work.aborted`
 *
 * Cost: about that of a few single fits.
 */
export function fitElasticNetPath(
  data: Matrix,
  targets: ArrayLike<number>,
  options: ElasticNetPathOptions = {},
  work?: Work,
): ElasticNetPath {
  const { problem, settings } = prepareElasticNet(data, targets, options)
  const penalties = penaltiesOf(problem, settings.l1Share, options)
  let start: Float64Array = new Float64Array(data.columns)
  const models = Array.from(penalties, (penalty, at) => {
    stopIfAborted(work)
    const model = modelAt(problem, settings, penalty, start)
    start = model.coefficients
    work?.onProgress?.({ stage: 'elastic net penalty', done: at + 1, total: penalties.length })
    return model
  })
  return { kind: 'elastic-net-path', penalties, models }
}

interface CheckedSettings {
  readonly l1Share: number
  readonly tolerance: number
  readonly roundsMax: number
}

function prepareElasticNet(
  data: Matrix,
  targets: ArrayLike<number>,
  { l1Share = 1, weights, tolerance = 1e-6, roundsMax = 10_000 }: ElasticNetSettings,
): { problem: ElasticNetProblem; settings: CheckedSettings } {
  checkFinite('elastic-net', data)
  checkSquarable('elastic-net', data, 0)
  checkShare('elastic-net', l1Share)
  checkStopping('elastic-net', tolerance, roundsMax)
  const checkedTargets = checkedNumbers('elastic-net', 'targets', data.rows, targets)
  const problem = elasticNetProblem(data, checkedTargets, checkedWeights('elastic-net', data.rows, weights))
  return { problem, settings: { l1Share, tolerance, roundsMax } }
}

function modelAt(
  problem: ElasticNetProblem,
  { l1Share, tolerance, roundsMax }: CheckedSettings,
  penalty: number,
  start: Float64Array,
): ElasticNetModel {
  const { total } = problem.centred
  const l1 = penalty * l1Share * total
  const l2 = penalty * (1 - l1Share) * total
  const found: ElasticNetSolution = solveElasticNet(problem, l1, l2, start, tolerance, roundsMax)
  const intercept = interceptOf(problem.centred, found.coefficients)
  return { kind: 'elastic-net', intercept, ...found, penalty, l1Share }
}

function penaltiesOf(
  { right, centred }: ElasticNetProblem,
  l1Share: number,
  { penalties, penaltyCount = 100, penaltyRatio = 1e-3 }: ElasticNetPathOptions,
): Float64Array {
  if (penalties !== undefined) {
    const given = Float64Array.from(penalties)
    if (given.length === 0) throw new RapportError('elastic-net.path', 'penalties must hold at least one, got none')
    for (const penalty of given) checkPenalty('elastic-net', penalty)
    return given.sort().reverse()
  }
  if (!(Number.isInteger(penaltyCount) && penaltyCount >= 2 && penaltyRatio > 0 && penaltyRatio < 1)) {
    throw new RapportError(
      'elastic-net.path',
      `penaltyCount must be a whole number ≥ 2 and penaltyRatio between 0 and 1, got ${penaltyCount} and ${penaltyRatio}`,
    )
  }
  // No penalty keeps ridge coefficients at zero; glmnet's stand-in is a share of 0.001.
  const largest = right.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / centred.total
  if (largest === 0) {
    throw new RapportError(
      'elastic-net.path',
      'targets must vary with at least one column for a path of penalties, got none that does: give penalties',
    )
  }
  const top = largest / Math.max(l1Share, 1e-3)
  return Float64Array.from({ length: penaltyCount }, (_, at) => top * penaltyRatio ** (at / (penaltyCount - 1)))
}
