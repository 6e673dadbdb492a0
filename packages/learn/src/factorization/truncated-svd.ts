import {
  type Kernels,
  type Matrix,
  matrix,
  nextTurn,
  RapportError,
  type SparseMatrix,
  seededRandom,
  singularValues,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { checkEntries, timesBlock } from './block-products.ts'
import { checkComponents, checkFitted, rankOf, signedRows, transposed } from './directions.ts'
import { type LoadedProducts, loadProducts } from './loaded-products.ts'
import { NarrowBlock } from './narrow-block.ts'

export interface TruncatedSvdOptions {
  /** How many singular values to find, 1 … the smaller of rows and columns. */
  readonly components: number
  /** Directions tried beyond those, ≥ 0: more are more exact. Default 10. */
  readonly oversampling?: number
  /** Passes back and forth that sharpen the directions, ≥ 0. Default 5. */
  readonly powerRounds?: number
  /** Threads, 0 … 64; never changes the result. Default: one per core, at most 8. */
  readonly workers?: number
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
  checkEntries('truncated-svd', data)
  checkOptions(data, options)
  const { workers } = options
  return withKernels({ ...(workers === undefined ? {} : { workers }), bytesMax: 2 ** 32 }, work, async (kernels) => {
    const products = loadProducts(kernels, data)
    return (await truncatedSvdOf(kernels, products, options, work)).model
  })
}

/** The same for callers that hold the data in kernels' memory, with the scores `[n × components]`, row after row. */
export async function truncatedSvdOf(
  kernels: Kernels,
  products: LoadedProducts,
  options: TruncatedSvdOptions,
  work: Work | undefined,
): Promise<{ model: TruncatedSvdModel; scores: Float64Array }> {
  const { columns, values } = await sharpenedDirections(kernels, products, options, work)
  const rank = Math.min(options.components, rankOf(values))
  const components = signedRows(columns.slice(0, rank), products.columns)
  const scores = rank === 0 ? new Float64Array(0) : await scoresAlong(kernels, products, components)
  const model: TruncatedSvdModel = {
    kind: 'truncated-svd',
    components,
    singularValues: values.slice(0, rank),
    varianceShares: varianceShares(products, scores, rank),
  }
  return { model, scores }
}

/**
 * Where rows lie along the components, `[n × components]`.
 *
 * @throws RapportError `truncated-svd.columns` when the columns are not those of the fit, `truncated-svd.missing`
 */
export function applyTruncatedSvd({ components }: TruncatedSvdModel, data: Matrix | SparseMatrix): Matrix {
  checkFitted('truncated-svd', components.columns, data)
  if (data.rows === 0) return matrix(0, components.rows)
  const product = timesBlock('truncated-svd', data)(transposed(components), components.rows)
  return matrix(data.rows, components.rows, product)
}

/** More directions than were asked for, as columns `[d]`, and their singular values, falling. */
async function sharpenedDirections(
  kernels: Kernels,
  products: LoadedProducts,
  { components, oversampling = 10, powerRounds = 5, seed }: TruncatedSvdOptions,
  work: Work | undefined,
): Promise<{ columns: Float64Array[]; values: Float64Array }> {
  const { rows, columns } = products
  const width = Math.min(components + oversampling, rows, columns)
  const random = seededRandom(seed)
  const left = new NarrowBlock(kernels, rows, width)
  const right = new NarrowBlock(kernels, columns, width)
  right.fill(Float64Array.from({ length: columns * width }, () => random.normal()))
  await products.times(right, left)
  for (let round = 0; round < powerRounds; round += 1) {
    await nextTurn(work)
    // Made orthonormal after each half, or all directions would turn into the first.
    await left.orthonormalise(1)
    await products.transposedTimes(left, right)
    await right.orthonormalise(1)
    await products.times(right, left)
    work?.onProgress?.({ stage: 'singular value pass', done: round + 1, total: powerRounds })
  }
  await nextTurn(work)
  await left.orthonormalise(2)
  await products.transposedTimes(left, right)
  const triangle = await right.orthonormalise(2)
  const found = singularValues(triangle)
  return { columns: await right.combined(found.left()), values: found.values }
}

async function scoresAlong(kernels: Kernels, products: LoadedProducts, components: Matrix): Promise<Float64Array> {
  const directions = new NarrowBlock(kernels, products.columns, components.rows)
  directions.fill(transposed(components))
  const scores = new NarrowBlock(kernels, products.rows, components.rows)
  await products.times(directions, scores)
  return scores.unpadded()
}

function varianceShares({ rows, sums, squares }: LoadedProducts, scores: Float64Array, width: number): Float64Array {
  let spread = 0
  squares.forEach((square, column) => {
    spread += Math.max(0, square / rows - (sums[column]! / rows) ** 2)
  })
  const means = new Float64Array(width)
  for (let at = 0; at < scores.length; ) {
    for (let k = 0; k < width; k += 1, at += 1) means[k]! += scores[at]! / rows
  }
  const variances = new Float64Array(width)
  for (let at = 0; at < scores.length; ) {
    for (let k = 0; k < width; k += 1, at += 1) variances[k]! += (scores[at]! - means[k]!) ** 2 / rows
  }
  return variances.map((variance) => (spread > 0 ? variance / spread : 0))
}

function checkOptions(
  { rows, columns }: Matrix | SparseMatrix,
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
