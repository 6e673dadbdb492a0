import {
  type Matrix,
  matrix,
  nextTurn,
  RapportError,
  type SparseMatrix,
  seededRandom,
  singularValues,
  triangularise,
  type Work,
} from '@rapport/numerics'
import { blockOfColumns, columnsOfBlock, type DataProducts, dataProducts } from './block-products.ts'
import { checkComponents, checkFitted, rankOf, signedRows, transposed } from './directions.ts'

export interface TruncatedSvdOptions {
  /** How many singular values to find, 1 … the smaller of rows and columns. */
  readonly components: number
  /** Directions tried beyond those, ≥ 0: more are more exact. Default 10. */
  readonly oversampling?: number
  /** Passes back and forth that sharpen the directions, ≥ 0. Default 5. */
  readonly powerRounds?: number
  /** The same seed, data and options give the same components, bit for bit. */
  readonly seed: number
}

/** What `fitTruncatedSvd` found. Plain data. */
export interface TruncatedSvdModel {
  readonly kind: 'truncated-svd'
  /** `[components × d]` right singular vectors; the largest entry of each is positive. */
  readonly components: Matrix
  /** `[components]` falling. */
  readonly singularValues: Float64Array
  /** `[components]` variance of the rows along each, as a share of that of all columns; 0 when no column varies. */
  readonly varianceShares: Float64Array
}

/**
 * The largest singular values of a matrix and their directions, by a random start that a few passes sharpen: for sparse data
 * (documents, baskets), which centring as in `fitPca` would fill.
 *
 * Fewer components come back than were asked for where the rank is lower.
 *
 * @param data `[n × d]` dense or sparse, finite
 * @throws RapportError `truncated-svd.data`, `.missing`, `.components`, `.oversampling`, `.rounds`, `random.seed`, `work.aborted`
 *
 * Cost: with l = components + oversampling, 2 l multiplications a stored value and pass, 2 (n + d) l² between passes.
 * Source: Halko, Martinsson & Tropp, "Finding structure with randomness", SIAM Review 53(2), 2011, algorithms 4.4 and 5.1.
 *
 * @example
 * (await fitTruncatedSvd(sparse, { components: 20, seed: 1 })).singularValues[0] // 81.2…
 */
export async function fitTruncatedSvd(
  data: Matrix | SparseMatrix,
  options: TruncatedSvdOptions,
  work?: Work,
): Promise<TruncatedSvdModel> {
  const products = dataProducts('truncated-svd', data)
  checkOptions(products, options)
  const { components, values } = await sharpenedDirections(products, options, work)
  const rank = Math.min(options.components, rankOf(values))
  const kept = signedRows(components.slice(0, rank), products.columns)
  const scores = products.times(transposed(kept), rank)
  return {
    kind: 'truncated-svd',
    components: kept,
    singularValues: values.slice(0, rank),
    varianceShares: varianceShares(products, scores, rank),
  }
}

/**
 * Where rows lie along the components, `[n × components]`.
 *
 * @throws RapportError `truncated-svd.columns` when the columns are not those of the fit, `truncated-svd.missing`
 */
export function applyTruncatedSvd({ components }: TruncatedSvdModel, data: Matrix | SparseMatrix): Matrix {
  checkFitted('truncated-svd', components.columns, data)
  if (data.rows === 0) return matrix(0, components.rows)
  const products = dataProducts('truncated-svd', data)
  return matrix(data.rows, components.rows, products.times(transposed(components), components.rows))
}

async function sharpenedDirections(
  products: DataProducts,
  { components, oversampling = 10, powerRounds = 5, seed }: TruncatedSvdOptions,
  work: Work | undefined,
): Promise<{ components: readonly Float64Array[]; values: Float64Array }> {
  const width = Math.min(components + oversampling, products.rows, products.columns)
  const random = seededRandom(seed)
  const start = Float64Array.from({ length: products.columns * width }, () => random.normal())
  let basis = orthonormalised(products.times(start, width), width)
  for (let round = 0; round < powerRounds; round += 1) {
    await nextTurn(work)
    // Made orthonormal after each half, or all directions would turn into the first.
    const back = orthonormalised(products.transposedTimes(basis, width), width)
    basis = orthonormalised(products.times(back, width), width)
    work?.onProgress?.({ stage: 'singular value pass', done: round + 1, total: powerRounds })
  }
  await nextTurn(work)
  const found = singularValues(columnsOfBlock(products.transposedTimes(basis, width), width))
  return { components: found.left(), values: found.values }
}

const orthonormalised = (block: Float64Array, width: number): Float64Array =>
  blockOfColumns(triangularise(columnsOfBlock(block, width)).orthonormal())

function varianceShares({ rows, sums, squares }: DataProducts, scores: Float64Array, width: number): Float64Array {
  let spread = 0
  squares.forEach((square, column) => {
    spread += Math.max(0, square / rows - (sums[column]! / rows) ** 2)
  })
  return Float64Array.from(columnsOfBlock(scores, width), (column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / rows
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows
    return spread > 0 ? variance / spread : 0
  })
}

function checkOptions(
  { rows, columns }: DataProducts,
  { components, oversampling = 10, powerRounds = 5 }: TruncatedSvdOptions,
): void {
  checkComponents('truncated-svd', components, Math.min(rows, columns))
  if (!Number.isInteger(oversampling) || oversampling < 0) {
    throw new RapportError('truncated-svd.oversampling', `oversampling must be a whole number ≥ 0, got ${oversampling}`)
  }
  if (!Number.isInteger(powerRounds) || powerRounds < 0) {
    throw new RapportError('truncated-svd.rounds', `powerRounds must be a whole number ≥ 0, got ${powerRounds}`)
  }
}
