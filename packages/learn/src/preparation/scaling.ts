import { checkMatrix, columnOf, type Matrix, RapportError } from '@rapport/numerics'
import { presentAscending, quantileOf } from './quantile.ts'

export interface ScalingOptions {
  /**
   * `standard`: mean 0 and standard deviation 1 (of the population, as scikit-learn). `robust`: median 0 and
   * interquartile range 1, for columns with outliers. `min-max`: from 0 to 1. Default `standard`.
   */
  readonly method?: 'standard' | 'robust' | 'min-max'
}

/** What `fitScaling` found: scaled = (value − centre) / spread. Plain data. */
export interface ScalingModel {
  readonly kind: 'scaling'
  readonly method: 'standard' | 'robust' | 'min-max'
  /** `[d]`; 0 for a column without any value. */
  readonly centres: Float64Array
  /** `[d]` above 0; 1 for a constant column, which so becomes 0. */
  readonly spreads: Float64Array
}

/**
 * Learns to bring columns to a common scale. Missing values (NaN) are left out of the fit and stay missing.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `scaling.data` when there are no rows, `scaling.infinite` when a value is infinite
 *
 * Cost: O(n d), with a sort per column for `robust`.
 *
 * @example
 * applyScaling(fitScaling(matrixFromRows([[1], [3]])), matrixFromRows([[5]])).values // Float64Array [3]
 */
export function fitScaling(data: Matrix, { method = 'standard' }: ScalingOptions = {}): ScalingModel {
  checkNotInfinite('scaling', data)
  const centres = new Float64Array(data.columns)
  const spreads = new Float64Array(data.columns)
  for (let column = 0; column < data.columns; column += 1) {
    const values = columnOf(data, column)
    const { centre, spread } = measure(values, method)
    centres[column] = centre
    // Rounding alone gives a constant column a spread of some 1e-17 of its size; dividing by that would invent noise.
    spreads[column] = spread > 1e-14 * Math.abs(centre) ? spread : 1
  }
  return { kind: 'scaling', method, centres, spreads }
}

/**
 * Scales the columns.
 *
 * @param data `[n × d]` with the columns of the fit
 * @returns `[n × d]`, NaN where `data` is
 * @throws RapportError `scaling.columns` when d differs from the fit
 */
export function applyScaling(model: ScalingModel, data: Matrix): Matrix {
  return mapColumns('scaling', model.centres.length, data, (value, column) => {
    return (value - model.centres[column]!) / model.spreads[column]!
  })
}

/** Takes scaled values back to the columns' own units. */
export function invertScaling(model: ScalingModel, data: Matrix): Matrix {
  return mapColumns('scaling', model.centres.length, data, (value, column) => {
    return value * model.spreads[column]! + model.centres[column]!
  })
}

function measure(values: Float64Array, method: ScalingModel['method']): { centre: number; spread: number } {
  if (method === 'standard') return meanAndDeviation(values)
  const ascending = presentAscending(values)
  if (ascending.length === 0) return { centre: 0, spread: 1 }
  if (method === 'robust') {
    return { centre: quantileOf(ascending, 0.5), spread: quantileOf(ascending, 0.75) - quantileOf(ascending, 0.25) }
  }
  return { centre: ascending[0]!, spread: ascending.at(-1)! - ascending[0]! }
}

/** Mean and population standard deviation of the values that are there, in two passes so that large means lose nothing. */
export function meanAndDeviation(values: Float64Array): { centre: number; spread: number } {
  let count = 0
  let sum = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    if (Number.isNaN(value)) continue
    count += 1
    sum += value
  }
  if (count === 0) return { centre: 0, spread: 1 }
  const centre = sum / count
  let squares = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    if (!Number.isNaN(value)) squares += (value - centre) ** 2
  }
  // Squares of extreme values overflow or vanish: their unit is taken out first, a power of two that costs no digit.
  const isInRange = squares > 1e-250 && squares < Infinity
  const unit = isInRange ? 1 : unitOf(values)
  if (unit === 1) return { centre, spread: Math.sqrt(squares / count) }
  const inUnits = meanAndDeviation(values.map((value) => value / unit))
  return { centre: inUnits.centre * unit, spread: inUnits.spread * unit }
}

/** A power of two near the largest value; 1 when all are equal, or ordinary in size. */
function unitOf(values: Float64Array): number {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  const largest = Math.max(-least, most)
  if (least === most || (largest > 1e-100 && largest < 1e100)) return 1
  return 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}

/** A new matrix with `change` applied to every value; the fit's number of columns is checked. */
export function mapColumns(
  method: string,
  columns: number,
  data: Matrix,
  change: (value: number, column: number) => number,
): Matrix {
  if (data.columns !== columns) {
    throw new RapportError(`${method}.columns`, `data must have the ${columns} columns of the fit, got ${data.columns}`)
  }
  const values = new Float64Array(data.values.length)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) values[at] = change(data.values[at]!, column)
  }
  return { rows: data.rows, columns, values }
}

/** Refuses an empty matrix and infinite values; NaN, which means missing, passes. */
export function checkNotInfinite(method: string, data: Matrix): void {
  checkMatrix(method, data)
  if (data.rows === 0 || data.columns === 0) {
    throw new RapportError(
      `${method}.data`,
      `data must have at least one row and one column, got ${data.rows} × ${data.columns}`,
    )
  }
  for (let at = 0; at < data.values.length; at += 1) {
    if (Math.abs(data.values[at]!) === Infinity) {
      const row = Math.floor(at / data.columns)
      throw new RapportError(
        `${method}.infinite`,
        `every value must be finite or NaN, got ${data.values[at]} at row ${row}, column ${at - row * data.columns}`,
      )
    }
  }
}
