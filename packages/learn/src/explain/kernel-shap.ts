import {
  cholesky,
  type Matrix,
  matrix,
  RapportError,
  rowOf,
  solveCholesky,
  stopIfAborted,
  type Work,
} from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { type Coalitions, chooseCoalitions } from './coalitions.ts'
import type { PredictionExplanation } from './explain-trees.ts'

export interface KernelShapOptions {
  /** Sets of columns tried a row at most, twice the columns or more. Default 2048 + 2 d; up to 11 columns that is all. */
  readonly sets?: number
  /** `[m]` how much each row of the background counts, each ≥ 0. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** Draws the sets where not all can be tried. The same seed gives the same numbers. */
  readonly seed: number
}

/** Rows that are predicted at once. */
const blockRows = 8192

/**
 * What each column's value adds to any model's prediction of a row, against a background of other rows: Kernel SHAP.
 *
 * A set of known columns is worth the mean prediction when the others are taken from the background's rows. Shapley
 * values are the weighted least squares fit to these worths; with all sets they are exact, else an estimate. Base and
 * contributions sum to the prediction in any case. For trees and linear models `explainBoosting`, `explainForest` and
 * `explainLinear` are exact and far quicker.
 *
 * @param predict gives a number a row; takes many rows at once
 * @param data `[n × d]` rows to explain; NaN where the model takes it
 * @param background `[m × d]` rows that unknown columns come from; 50 to 200 typical ones are enough
 * @throws RapportError `kernel-shap.columns`, `kernel-shap.background`, `kernel-shap.options`, `kernel-shap.weights`,
 *   `kernel-shap.predictions` (not one finite number a row), `work.aborted`
 *
 * Cost: sets · m predictions a row, and sets · d².
 * Source: Lundberg & Lee, "A unified approach to interpreting model predictions", NIPS 2017, theorem 2. As shap's
 * `KernelExplainer` without its lasso.
 *
 * @example
 * const { base, contributions } = explainByKernel((rows) => predictPerceptron(model, rows), some, typical, { seed: 1 })
 */
export function explainByKernel(
  predict: (data: Matrix) => ArrayLike<number>,
  data: Matrix,
  background: Matrix,
  options: KernelShapOptions,
  work?: Work,
): PredictionExplanation {
  const { columns } = data
  const sets = options.sets ?? 2048 + 2 * columns
  const weights = checkBackground(background, columns, options, sets)
  const finite = (rows: Matrix): Float64Array => predictions(predict, rows)
  const base = weightedMean(finite(background), 0, weights)
  const predicted = finite(data)
  const contributions = matrix(data.rows, columns)
  const chosen = new Map<number, Coalitions>()
  for (let row = 0; row < data.rows; row += 1) {
    stopIfAborted(work)
    const own = rowOf(data, row)
    const varying = columnsThatDiffer(own, background)
    const difference = predicted[row]! - base
    const found = contributions.values.subarray(row * columns, (row + 1) * columns)
    if (varying.length === 1) found[varying[0]!] = difference
    if (varying.length > 1) {
      const coalitions = chosen.get(varying.length) ?? chooseCoalitions(varying.length, sets, options.seed)
      chosen.set(varying.length, coalitions)
      const worths = worthsOf(finite, own, background, weights, varying, coalitions)
      const values = solve(
        worths.map((worth) => worth - base),
        coalitions,
        varying.length,
        difference,
      )
      varying.forEach((column, at) => {
        found[column] = values[at]!
      })
    }
    work?.onProgress?.({ stage: 'kernel SHAP', done: row + 1, total: data.rows })
  }
  return { base, contributions }
}

/** Columns in which the row differs from some row of the background; the others can say nothing. */
function columnsThatDiffer(own: ArrayLike<number>, background: Matrix): number[] {
  return Array.from({ length: background.columns }, (_, column) => column).filter((column) => {
    for (let at = column; at < background.values.length; at += background.columns) {
      if (!Object.is(background.values[at]! + 0, own[column]! + 0)) return true
    }
    return false
  })
}

/** `[sets]` the mean prediction of the background's rows with the known columns set to the row's own. */
function worthsOf(
  predict: (rows: Matrix) => Float64Array,
  own: ArrayLike<number>,
  background: Matrix,
  weights: Float64Array,
  varying: readonly number[],
  { masks, weights: setWeights }: Coalitions,
): Float64Array {
  const d = varying.length
  const m = background.rows
  const worths = new Float64Array(setWeights.length)
  const setsAtOnce = Math.max(1, Math.floor(blockRows / m))
  for (let from = 0; from < worths.length; from += setsAtOnce) {
    const to = Math.min(worths.length, from + setsAtOnce)
    const mixed = matrix((to - from) * m, background.columns)
    for (let set = from; set < to; set += 1) {
      const first = (set - from) * background.values.length
      mixed.values.set(background.values, first)
      varying.forEach((column, at) => {
        if (masks[set * d + at] === 0) return
        for (let row = 0; row < m; row += 1) mixed.values[first + row * background.columns + column] = own[column]!
      })
    }
    const predicted = predict(mixed)
    for (let set = from; set < to; set += 1) worths[set] = weightedMean(predicted, (set - from) * m, weights)
  }
  return worths
}

/** The weighted least squares fit whose values sum to `difference`: the last one is what the others leave of it. */
function solve(worths: Float64Array, { masks, weights }: Coalitions, d: number, difference: number): Float64Array {
  const size = d - 1
  const normal = new Float64Array(size * size)
  const right = new Float64Array(size)
  const row = new Float64Array(size)
  for (let set = 0; set < weights.length; set += 1) {
    const last = masks[set * d + size]!
    const target = worths[set]! - last * difference
    for (let one = 0; one < size; one += 1) row[one] = masks[set * d + one]! - last
    for (let one = 0; one < size; one += 1) {
      const weighted = weights[set]! * row[one]!
      if (weighted === 0) continue
      right[one]! += weighted * target
      for (let other = 0; other < size; other += 1) normal[one * size + other]! += weighted * row[other]!
    }
  }
  // All sets of one column are always among them, so the matrix is never singular.
  const solved = solveCholesky(cholesky(normal, size)!, right)
  const values = new Float64Array(d)
  values.set(solved)
  values[size] = solved.reduce((left, value) => left - value, difference)
  return values
}

function weightedMean(values: Float64Array, from: number, weights: Float64Array): number {
  let sum = 0
  let total = 0
  for (let at = 0; at < weights.length; at += 1) {
    sum += weights[at]! * values[from + at]!
    total += weights[at]!
  }
  return sum / total
}

function predictions(predict: (data: Matrix) => ArrayLike<number>, rows: Matrix): Float64Array {
  const given = Float64Array.from(predict(rows))
  const wrong = given.findIndex((value) => !Number.isFinite(value))
  if (given.length === rows.rows && wrong < 0) return given
  const got = given.length === rows.rows ? given[wrong] : `${given.length} numbers`
  throw new RapportError(
    'kernel-shap.predictions',
    `predict must give one finite number a row (${rows.rows}), got ${got}`,
  )
}

function checkBackground(
  background: Matrix,
  columns: number,
  { weights }: KernelShapOptions,
  sets: number,
): Float64Array {
  if (background.columns !== columns || columns === 0) {
    throw new RapportError(
      'kernel-shap.columns',
      `data and background must have the same columns, at least one, got ${columns} and ${background.columns}`,
    )
  }
  if (background.rows === 0) {
    throw new RapportError('kernel-shap.background', 'the background must have at least one row, got none')
  }
  if (!Number.isInteger(sets) || sets < 2 * columns) {
    throw new RapportError(
      'kernel-shap.options',
      `sets must be a whole number of at least twice the columns (${2 * columns}), got ${sets}`,
    )
  }
  return checkedWeights('kernel-shap', background.rows, weights)
}
