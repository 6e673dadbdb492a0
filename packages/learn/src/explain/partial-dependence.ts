import { columnOf, type Matrix, matrix, RapportError, stopIfAborted, type Work } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

export interface PartialDependenceOptions {
  /** Index of the column that is moved. */
  readonly column: number
  /** Values that it is set to. Default: up to 20 quantiles of the data's own, each once. */
  readonly values?: ArrayLike<number>
  /** `[n]` how much each row counts, each ≥ 0 and finite. Default 1. */
  readonly weights?: ArrayLike<number>
}

/** The mean prediction by the value of one column. */
export interface PartialDependence {
  /** `[values]` what the column was set to. */
  readonly values: Float64Array
  /** `[values]` mean over rows of what is predicted then. */
  readonly means: Float64Array
}

/**
 * How predictions change with one column, on average: every row is predicted with the column set to each value in turn.
 *
 * For any model. It averages over combinations that may never occur where columns go together, and tells of the model,
 * not of what would happen.
 *
 * @param predict gives a number a row
 * @param data `[n × d]` rows to average over, n ≥ 1
 * @throws RapportError `partial-dependence.options` when the column is not there, there is no value, or weights are not
 * one a row with one above 0; `work.aborted`
 *
 * Cost: one prediction of all rows a value.
 * Source: Friedman, "Greedy function approximation", Annals of Statistics 29(5), 2001, section 8.2.
 *
 * @example
 * partialDependence((rows) => predictBoosting(model, rows), customers, { column: 2 })
 */
export function partialDependence(
  predict: (data: Matrix) => ArrayLike<number>,
  data: Matrix,
  options: PartialDependenceOptions,
  work?: Work,
): PartialDependence {
  const { column, weights } = options
  const total = checkRows(data, column, weights)
  const values = options.values ? Float64Array.from(options.values) : quantilesOf(data, column)
  if (values.length === 0) refuse('values must hold one at least, got none')
  const moved = matrix(data.rows, data.columns, data.values.slice())
  const means = values.map((value, at) => {
    stopIfAborted(work)
    for (let row = 0; row < data.rows; row += 1) moved.values[row * data.columns + column] = value
    const predicted = predict(moved)
    let sum = 0
    for (let row = 0; row < data.rows; row += 1) sum += (weights ? weights[row]! : 1) * predicted[row]!
    work?.onProgress?.({ stage: 'partial dependence', done: at + 1, total: values.length })
    return sum / total
  })
  return { values, means }
}

const quantiles = 20

function quantilesOf(data: Matrix, column: number): Float64Array {
  const rising = Float64Array.from(columnOf(data, column))
    .filter((value) => !Number.isNaN(value))
    .sort()
  const picked = Array.from(
    { length: quantiles },
    (_, at) => rising[Math.round((at / (quantiles - 1)) * (rising.length - 1))]!,
  )
  return Float64Array.from(rising.length === 0 ? [] : new Set(picked))
}

/** @returns the sum of weights */
function checkRows({ rows, columns }: Matrix, column: number, weights: ArrayLike<number> | undefined): number {
  if (rows === 0) refuse('data must have at least one row, got none')
  if (!Number.isInteger(column) || column < 0 || column >= columns) {
    refuse(`column must be a whole number from 0 to ${columns - 1}, got ${column}`)
  }
  if (!weights) return rows
  if (weights.length !== rows) refuse(`weights must hold one number a row, ${rows}, got ${weights.length}`)
  const wrong = Array.from(weights).find((weight) => !(weight >= 0 && Number.isFinite(weight)))
  if (wrong !== undefined) refuse(`weights must be finite and at least 0, got ${wrong}`)
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0)
  if (total === 0) refuse('weights must hold one above 0, got only 0')
  checkTotalWeight('partial-dependence.options', weights)
  return total
}

function refuse(message: string): never {
  throw new RapportError('partial-dependence.options', message)
}
