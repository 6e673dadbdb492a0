import { checkFinite, type Matrix, matrix, RapportError, singularValues } from '@rapport/numerics'
import { checkTotalWeight } from '../linear/checked-numbers.ts'
import { timesBlock } from './block-products.ts'
import { checkComponents, checkFitted, rankOf, signedRows, transposed } from './directions.ts'

export interface PcaOptions {
  /** How many components to keep, 1 … the smaller of rows and columns. Default: as `varianceShare` says, or all. */
  readonly components?: number
  /** Keep as few as hold this share of the variance, above 0 and at most 1. Not together with `components`. */
  readonly varianceShare?: number
  /** `[n]` each ≥ 0, adding up to more than 1; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
}

/** What `fitPca` found. Plain data. */
export interface PcaModel {
  readonly kind: 'pca'
  /** `[d]` */
  readonly means: Float64Array
  /** `[components × d]` directions of length 1 at right angles; the largest entry of each is positive. */
  readonly components: Matrix
  /** `[components]` variance of the rows along each, falling. */
  readonly variances: Float64Array
  /** `[components]` those as shares of the variance of all columns. */
  readonly varianceShares: Float64Array
}

/**
 * Principal components: the few directions along which rows differ most.
 *
 * Fewer components come back than were asked for where the rows do not differ in more directions. Scale columns first unless
 * they share a unit, or the largest unit wins.
 *
 * @param data `[n × d]`, finite, n ≥ 2
 * @throws RapportError `pca.data`, `pca.missing`, `pca.components`, `pca.share`, `pca.weights`, `pca.constant` (no column varies)
 *
 * Cost: 2 n d² multiplications for n ≥ d, else 4 n² d; a copy of the data. No product of columns is summed, so that small
 * variances keep their digits.
 * Source: Jolliffe, "Principal component analysis", 2nd ed. 2002, §3.5.
 *
 * @example
 * fitPca(matrixFromRows([[0, 0], [1, 2], [2, 4]])).components.values // Float64Array [0.447…, 0.894…]
 */
export function fitPca(data: Matrix, options: PcaOptions = {}): PcaModel {
  checkFinite('pca', data)
  const { rows, columns } = data
  const { components, varianceShare } = options
  const most = Math.min(rows, columns)
  if (components !== undefined) checkComponents('pca', components, most)
  checkVarianceShare(components, varianceShare)
  const weights = checkedWeights(rows, options.weights)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const { means, centred } = centreRows(data, weights, total)
  const wide = rows < columns
  const found = singularValues(wide ? rowsOf(centred, rows, columns) : columnsOf(centred, rows, columns))
  const variances = found.values.map((value) => value ** 2 / (total - 1))
  const spread = variances.reduce((sum, variance) => sum + variance, 0)
  if (spread === 0) throw new RapportError('pca.constant', 'at least one column must vary, got none that does')
  const kept = Math.min(components ?? countFor(variances, spread * (varianceShare ?? 1)), rankOf(found.values))
  return {
    kind: 'pca',
    means,
    components: signedRows((wide ? found.left() : found.right).slice(0, kept), columns),
    variances: variances.slice(0, kept),
    varianceShares: variances.slice(0, kept).map((variance) => variance / spread),
  }
}

/**
 * Where rows lie along the components, `[n × components]`.
 *
 * @throws RapportError `pca.columns` when the columns are not those of the fit, `pca.missing`
 */
export function applyPca({ means, components }: PcaModel, data: Matrix): Matrix {
  checkFitted('pca', means.length, data)
  if (data.rows === 0) return matrix(0, components.rows)
  const centred = Float64Array.from(data.values, (value, at) => value - means[at % data.columns]!)
  const product = timesBlock('pca', { ...data, values: centred })(transposed(components), components.rows)
  return matrix(data.rows, components.rows, product)
}

/**
 * Rows `[n × d]` in the columns of the fit from where they lie along the components: what the components keep of them.
 *
 * @param scores `[n × components]`
 * @throws RapportError `pca.scores` when the scores do not have a column a component
 */
export function invertPca({ means, components }: PcaModel, scores: Matrix): Matrix {
  if (scores.columns !== components.rows) {
    throw new RapportError('pca.scores', `scores must have ${components.rows} columns, got ${scores.columns}`)
  }
  if (scores.rows === 0) return matrix(0, means.length)
  const values = timesBlock('pca', scores)(Float64Array.from(components.values), means.length)
  return matrix(
    scores.rows,
    means.length,
    values.map((value, at) => value + means[at % means.length]!),
  )
}

/** Rows times the root of their weight, less the weighted means; what rounding leaves of a constant column is 0. */
function centreRows(
  { rows, columns, values }: Matrix,
  weights: Float64Array,
  total: number,
): { means: Float64Array; centred: Float64Array } {
  const means = new Float64Array(columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) means[column]! += (weights[row]! / total) * values[at]!
  }
  const centred = Float64Array.from(values, (value, at) => {
    const mean = means[at % columns]!
    const difference = value - mean
    return Math.abs(difference) <= 1e-14 * Math.abs(mean)
      ? 0
      : difference * Math.sqrt(weights[Math.floor(at / columns)]!)
  })
  return { means, centred }
}

const columnsOf = (values: Float64Array, rows: number, columns: number): Float64Array[] =>
  Array.from({ length: columns }, (_, column) =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + column]!),
  )

const rowsOf = (values: Float64Array, rows: number, columns: number): Float64Array[] =>
  Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns))

function countFor(variances: Float64Array, wanted: number): number {
  let sum = 0
  const last = variances.findIndex((variance) => {
    sum += variance
    // A sum in another order may end a rounding below the whole.
    return sum >= wanted * (1 - 1e-15)
  })
  return last < 0 ? variances.length : last + 1
}

function checkVarianceShare(components: number | undefined, share: number | undefined): void {
  if (share === undefined) return
  if (components !== undefined || !(share > 0 && share <= 1)) {
    throw new RapportError(
      'pca.share',
      `varianceShare must be above 0, at most 1, and without components beside it, got ${share}`,
    )
  }
}

function checkedWeights(rows: number, given: ArrayLike<number> | undefined): Float64Array {
  const weights = given === undefined ? new Float64Array(rows).fill(1) : Float64Array.from(given)
  const total = weights.reduce((sum, weight) => (weight >= 0 ? sum + weight : Number.NaN), 0)
  if (weights.length !== rows || !(total > 1 && total < Infinity)) {
    throw new RapportError(
      'pca.weights',
      `weights must be one a row (${rows}), each ≥ 0, and add up to more than 1, got ${weights.length} that add up to ${total}`,
    )
  }
  checkTotalWeight('pca.weights', weights)
  return weights
}
