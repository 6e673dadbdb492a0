import { type Matrix, weightedGram } from '@rapport/numerics'

/** Columns, and the targets as a last one, less their weighted means. */
export interface CentredColumns {
  /** `[n × (d + 1)]` */
  readonly centred: Matrix
  /** `[d + 1]` */
  readonly means: Float64Array
  /** Sum of the weights. */
  readonly total: number
}

/**
 * Takes the weighted mean from every column and from the targets, which become the last column: the intercept of a linear
 * model is then 0, and large means cost no digits.
 *
 * @param weights `[n]` each ≥ 0, not all 0
 */
export function centreColumns(data: Matrix, targets: Float64Array, weights: Float64Array): CentredColumns {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const columns = data.columns + 1
  const values = new Float64Array(data.rows * columns)
  const means = new Float64Array(columns)
  for (let row = 0; row < data.rows; row += 1) {
    values.set(data.values.subarray(row * data.columns, (row + 1) * data.columns), row * columns)
    values[(row + 1) * columns - 1] = targets[row]!
    for (let column = 0; column < columns; column += 1) {
      means[column]! += (weights[row]! / total) * values[row * columns + column]!
    }
  }
  for (let at = 0; at < values.length; at += 1) {
    const mean = means[at % columns]!
    const difference = values[at]! - mean
    // What rounding of the mean leaves of a constant column must not look like a spread.
    values[at] = Math.abs(difference) <= 1e-14 * Math.abs(mean) ? 0 : difference
  }
  return { centred: { rows: data.rows, columns, values }, means, total }
}

/** What the normal equations of centred columns are made of. */
export interface CentredProducts {
  /** `[d × d]` Σ w x xᵀ, both triangles. */
  readonly gram: Float64Array
  /** `[d]` Σ w x y. */
  readonly right: Float64Array
  /** Σ w y². */
  readonly spread: number
}

/** Cost: n d² / 2 multiplications. */
export function centredProducts({ centred }: CentredColumns, weights: Float64Array): CentredProducts {
  const columns = centred.columns - 1
  // The leading ones that come with it are orthogonal to centred columns and dropped.
  const products = weightedGram(centred, weights)
  const productOf = (row: number, column: number): number => products[(row + 1) * (columns + 2) + column + 1]!
  const gram = new Float64Array(columns * columns)
  for (let row = 0; row < columns; row += 1) {
    for (let column = 0; column < columns; column += 1) gram[row * columns + column] = productOf(row, column)
  }
  const right = Float64Array.from({ length: columns }, (_, column) => productOf(column, columns))
  return { gram, right, spread: productOf(columns, columns) }
}

/** The intercept that goes with coefficients of centred columns, from their means and that of the target, the last. */
export function interceptOf({ means }: Pick<CentredColumns, 'means'>, coefficients: Float64Array): number {
  let intercept = means[coefficients.length]!
  coefficients.forEach((coefficient, column) => {
    intercept -= coefficient * means[column]!
  })
  return intercept
}
