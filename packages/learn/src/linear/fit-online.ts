import {
  checkMatrix,
  type Matrix,
  RapportError,
  type SparseMatrix,
  seededRandom,
  stopIfAborted,
  type Work,
} from '@rapport/numerics'
import { checkedNumbers, checkedWeights } from './checked-numbers.ts'
import { probabilityOf } from './logistic-prediction.ts'
import { emptyOnlineModel, type OnlineModel, type OnlineOptions } from './online-model.ts'
import { OnlineRows } from './online-rows.ts'
import { type LearningState, stepOf } from './online-steps.ts'

export interface OnlineFitOptions extends OnlineOptions {
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice in its step. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** Times that all rows are gone through, 1 or more. Default 1. */
  readonly passes?: number
  /** Shuffles the rows anew for each pass. Default: their own order, as a stream has it. */
  readonly seed?: number
}

/** Rows after which an abort is looked for. */
const rowsPerTurn = 4096

/**
 * A linear model that learns row by row, and goes on learning with `continueOnline`: for streams, and for data that do not
 * fit in memory. Where all rows are at hand, `fitLogistic` and `fitLeastSquares` are exact.
 *
 * Columns must be of like scale (`fitScaling`), or steps that suit one make another leap.
 *
 * @param data `[n × d]` finite, dense or sparse (hashed words, say)
 * @param targets `[n]` 0 or 1 for the logistic loss, any finite number for squares
 * @returns a model; none of its numbers is infinite
 * @throws RapportError `online.data` (no rows or columns), `online.missing`, `online.targets`, `online.weights`,
 *   `online.options`, `online.diverged` (steps grew without end: scale the columns, or take smaller steps), `work.aborted`
 *
 * Cost: O(entries) a pass; descent with a penalty O(d) a step besides.
 * Source: McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013; Bottou, "Stochastic gradient descent
 * tricks", 2012. Descent as scikit-learn's `SGDClassifier` and `SGDRegressor` with `invscaling`.
 *
 * @example
 * let model = fitOnlineLinear(monday, clicks, { loss: 'logistic' })
 * model = continueOnline(model, tuesday, clicksOfTuesday)
 */
export function fitOnlineLinear(
  data: Matrix | SparseMatrix,
  targets: ArrayLike<number>,
  options: OnlineFitOptions,
  work?: Work,
): OnlineModel {
  const { passes = 1, seed, weights } = options
  if (!Number.isInteger(passes) || passes < 1) {
    throw new RapportError('online.options', `passes must be a whole number ≥ 1, got ${passes}`)
  }
  checkMatrix('online', data)
  if (data.rows === 0 || data.columns === 0) {
    throw new RapportError(
      'online.data',
      `data must have at least one row and one column, got ${data.rows} × ${data.columns}`,
    )
  }
  const empty = emptyOnlineModel(data.columns, options)
  const random = seed === undefined ? undefined : seededRandom(seed)
  const orders = Array.from({ length: passes }, () => {
    const order = Int32Array.from({ length: data.rows }, (_, row) => row)
    random?.shuffle(order)
    return order
  })
  return learn(empty, data, targets, weights, orders, work)
}

/**
 * The model after more rows, in their order; the one that was given stays as it is. Going on with the rest of the rows is the
 * same to the bit as learning from all, where batches end at the same rows.
 *
 * @param data `[n × d]`, n ≥ 0, the columns of the model
 * @throws RapportError as `fitOnlineLinear`, and `online.columns`
 */
export function continueOnline(
  model: OnlineModel,
  data: Matrix | SparseMatrix,
  targets: ArrayLike<number>,
  weights?: ArrayLike<number>,
  work?: Work,
): OnlineModel {
  if (data.columns !== model.coefficients.length) {
    throw new RapportError(
      'online.columns',
      `data must have the ${model.coefficients.length} columns of the model, got ${data.columns}`,
    )
  }
  return learn(model, data, targets, weights, [Int32Array.from({ length: data.rows }, (_, row) => row)], work)
}

function learn(
  model: OnlineModel,
  data: Matrix | SparseMatrix,
  given: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  orders: readonly Int32Array[],
  work: Work | undefined,
): OnlineModel {
  const rows = new OnlineRows(data)
  const targets = checkedTargets(model, data.rows, given)
  const counts = data.rows === 0 ? new Float64Array(0) : checkedWeights('online', data.rows, weights)
  const state: LearningState = {
    intercept: model.intercept,
    coefficients: model.coefficients.slice(),
    steps: model.steps,
    slopes: model.slopes.slice(),
    squares: model.squares.slice(),
  }
  const takeStep = stepOf(model)
  const gradient = new Float64Array(data.columns)
  const every = Array.from({ length: data.columns }, (_, column) => column)
  const touched = rows.isSparse ? new Set<number>() : undefined
  let done = 0
  for (const order of orders) {
    for (let from = 0; from < order.length; from += model.batch) {
      if (done % rowsPerTurn < model.batch) stopIfAborted(work)
      const batch = order.subarray(from, from + model.batch)
      let own = 0
      for (const row of batch) {
        const score = rows.score(row, state.intercept, state.coefficients)
        const slope = ((model.loss === 'logistic' ? probabilityOf(score) : score) - targets[row]!) * counts[row]!
        own += slope / batch.length
        rows.addTo(gradient, row, slope / batch.length, touched)
      }
      takeStep(state, gradient, own, touched ?? every)
      for (const column of touched ?? every) gradient[column] = 0
      touched?.clear()
      done += batch.length
    }
    checkState(state)
    work?.onProgress?.({ stage: 'online learning', done, total: orders.length * data.rows })
  }
  return { ...model, ...state, rows: model.rows + done }
}

function checkedTargets({ loss }: OnlineModel, rows: number, given: ArrayLike<number>): Float64Array {
  const targets = checkedNumbers('online', 'targets', rows, given)
  const wrong = loss === 'logistic' ? targets.findIndex((target) => target !== 0 && target !== 1) : -1
  if (wrong >= 0) {
    throw new RapportError('online.targets', `every target must be 0 or 1, got ${targets[wrong]} at row ${wrong}`)
  }
  return targets
}

function checkState({ intercept, coefficients, slopes, squares }: LearningState): void {
  if ([[intercept], coefficients, slopes, squares].every((values) => values.every(Number.isFinite))) return
  throw new RapportError(
    'online.diverged',
    'coefficients must stay finite, got steps that grew without end: scale the columns alike, or take smaller steps',
  )
}
