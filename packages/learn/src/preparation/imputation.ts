import { columnOf, type Matrix, RapportError } from '@rapport/numerics'
import { medianOf } from './median.ts'
import { presentValues } from './quantile.ts'
import { checkNotInfinite, meanAndDeviation } from './scaling.ts'

export interface ImputationOptions {
  /** What stands in for a missing value. `most-frequent` takes the smallest of equally frequent ones. Default `median`. */
  readonly method?: 'mean' | 'median' | 'most-frequent'
  /**
   * Adds a 0/1 column for every column that had a missing value in training: that a value is missing often tells
   * something itself. Default false.
   */
  readonly indicators?: boolean
}

/** What `fitImputation` found. Plain data. */
export interface ImputationModel {
  readonly kind: 'imputation'
  readonly method: 'mean' | 'median' | 'most-frequent'
  /** `[d]` */
  readonly replacements: Float64Array
  /** Columns that get an indicator, rising. */
  readonly indicated: Int32Array
}

/**
 * Learns what to put where values are missing (NaN).
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `imputation.data`, `imputation.infinite`, and `imputation.empty` when a column has no value
 *   at all: nothing sensible can stand in for it, so leave it out
 *
 * @example
 * fitImputation(matrixFromRows([[1], [NaN], [3], [9]])).replacements // Float64Array [3]
 */
export function fitImputation(
  data: Matrix,
  { method = 'median', indicators = false }: ImputationOptions = {},
): ImputationModel {
  checkNotInfinite('imputation', data)
  const replacements = new Float64Array(data.columns)
  const indicated: number[] = []
  for (let column = 0; column < data.columns; column += 1) {
    const values = columnOf(data, column)
    const present = presentValues(values)
    if (present.length === 0) {
      throw new RapportError('imputation.empty', `column ${column} must have at least one value, got only missing ones`)
    }
    if (indicators && present.length < values.length) indicated.push(column)
    if (method === 'mean') replacements[column] = meanAndDeviation(values).centre
    else replacements[column] = method === 'median' ? medianOf(present) : mostFrequent(present.sort())
  }
  return { kind: 'imputation', method, replacements, indicated: Int32Array.from(indicated) }
}

/**
 * Fills missing values in, and appends the indicators.
 *
 * @param data `[n × d]` with the columns of the fit
 * @returns `[n × (d + indicators)]`, no value missing
 * @throws RapportError `imputation.columns` when d differs from the fit
 */
export function applyImputation(model: ImputationModel, data: Matrix): Matrix {
  const { replacements, indicated } = model
  if (data.columns !== replacements.length) {
    throw new RapportError(
      'imputation.columns',
      `data must have the ${replacements.length} columns of the fit, got ${data.columns}`,
    )
  }
  const columns = data.columns + indicated.length
  const values = new Float64Array(data.rows * columns)
  for (let row = 0; row < data.rows; row += 1) {
    const from = row * data.columns
    const to = row * columns
    for (let column = 0; column < data.columns; column += 1) {
      const value = data.values[from + column]!
      values[to + column] = Number.isNaN(value) ? replacements[column]! : value
    }
    for (let at = 0; at < indicated.length; at += 1) {
      if (Number.isNaN(data.values[from + indicated[at]!]!)) values[to + data.columns + at] = 1
    }
  }
  return { rows: data.rows, columns, values }
}

function mostFrequent(ascending: Float64Array): number {
  let best = ascending[0]!
  let bestLength = 0
  let start = 0
  for (let at = 1; at <= ascending.length; at += 1) {
    if (at < ascending.length && ascending[at] === ascending[start]) continue
    if (at - start > bestLength) {
      bestLength = at - start
      best = ascending[start]!
    }
    start = at
  }
  return best
}
