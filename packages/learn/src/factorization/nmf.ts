import {
  checkSquarable,
  type Kernels,
  type Matrix,
  matrix,
  nextTurn,
  RapportError,
  type Span,
  type SparseMatrix,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { checkEntries, timesBlock } from './block-products.ts'
import { checkComponents, checkFitted, transposed } from './directions.ts'
import { type LoadedEntries, type LoadedProducts, loadProducts } from './loaded-products.ts'
import { NarrowBlock } from './narrow-block.ts'
import { startingFactors } from './nmf-start.ts'

export interface NmfOptions {
  /** How many parts to find, 1 … the smaller of rows and columns. */
  readonly components: number
  /** Stop when what a round could still gain is below this share of what the first could. Default 1e-4. */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 200. */
  readonly roundsMax?: number
  /** Threads, 0 … 64; never changes the result. Default: one per core, at most 8. */
  readonly workers?: number
  /** The same seed, data and options give the same parts, bit for bit. */
  readonly seed: number
}

/** What `fitNmf` found: data ≈ scores × components, nothing below 0. Plain data. */
export interface NmfModel {
  readonly kind: 'nmf'
  /** `[components × d]` what each part is made of. */
  readonly components: Matrix
  /** `[n × components]` how much of each part is in each row. */
  readonly scores: Matrix
  /** Root of the summed squares of data less scores × components. */
  readonly error: number
  readonly rounds: number
  /** False when `roundsMax` came first. */
  readonly converged: boolean
}

/**
 * Rows of counts or amounts as sums of a few parts: topics of documents, habits behind baskets.
 *
 * Begins at the singular vectors' positive sides, then puts one number after the other to its best value (HALS).
 *
 * @param data `[n × d]` dense or sparse, finite and ≥ 0, not all 0
 * @throws RapportError `nmf.data`, `nmf.missing`, `nmf.range`, `nmf.negative`, `nmf.zero`, `nmf.components`, `nmf.tolerance`, `nmf.rounds`,
 *   `random.seed`, `work.aborted`
 *
 * Cost: a round takes 4 · components multiplications a stored value and 2 (n + d) · components².
 * Source: Cichocki & Phan, "Fast local algorithms for large scale nonnegative matrix and tensor factorizations", IEICE Trans.
 * Fundamentals E92-A(3), 2009; Boutsidis & Gallopoulos, "SVD based initialization", Pattern Recognition 41(4), 2008 (the start).
 *
 * @example
 * (await fitNmf(counts, { components: 5, seed: 1 })).components.rows // 5
 */
export async function fitNmf(data: Matrix | SparseMatrix, options: NmfOptions, work?: Work): Promise<NmfModel> {
  checkRows(data)
  checkComponents('nmf', options.components, Math.min(data.rows, data.columns))
  checkStopping(options)
  const { workers } = options
  return withKernels({ ...(workers === undefined ? {} : { workers }), bytesMax: 2 ** 32 }, work, (kernels) =>
    fitWith(kernels, loadProducts(kernels, data), options, work),
  )
}

async function fitWith(
  kernels: Kernels,
  products: LoadedProducts,
  { components, tolerance = 1e-4, roundsMax = 200, seed }: NmfOptions,
  work: Work | undefined,
): Promise<NmfModel> {
  const { rows, columns } = products
  // Parts are kept as columns, so that both sides are improved by the same kernel.
  const scores = new NarrowBlock(kernels, rows, components)
  const parts = new NarrowBlock(kernels, columns, components)
  await startingFactors(kernels, products, { scores, parts }, seed, work)
  const gram = kernels.arena.float64(parts.stride ** 2)
  const blocks = Math.max(products.byRow.blocks.length, products.byColumn.blocks.length)
  const scratch = kernels.arena.float64(blocks * parts.stride)
  let first = 0
  let rounds = 0
  let converged = false
  while (!converged && rounds < roundsMax) {
    await nextTurn(work)
    let left = await improveBlock(kernels, products.byRow, parts, scores, gram, scratch)
    left += await improveBlock(kernels, products.byColumn, scores, parts, gram, scratch)
    rounds += 1
    if (rounds === 1) first = left
    converged = left <= tolerance * first
    work?.onProgress?.({ stage: 'matrix factorization', done: rounds, total: roundsMax })
  }
  const error = await errorOf(kernels, products, scores, parts)
  return {
    kind: 'nmf',
    components: matrix(components, columns, transposed(matrix(columns, components, parts.unpadded()))),
    scores: matrix(rows, components, scores.unpadded()),
    error,
    rounds,
    converged,
  }
}

/** Puts each number of `factors` to its best value while `fixed` stands still; Σ |slope| over what could be changed. */
async function improveBlock(
  kernels: Kernels,
  entries: LoadedEntries,
  fixed: NarrowBlock,
  factors: NarrowBlock,
  gram: Span<Float64Array>,
  scratch: Span<Float64Array>,
): Promise<number> {
  gram.view.set(await fixed.gram())
  const { stride } = fixed
  const tasks = entries.blocks.map(({ from, to }, block) => [
    ...entries.arguments,
    from,
    to,
    fixed.values.at,
    stride,
    gram.at,
    factors.values.at,
    scratch.at + block * stride * 8,
  ])
  return (await kernels.run('improveParts', tasks)).reduce((sum, left) => sum + left, 0)
}

/**
 * How much of each part is in each row, `[n × components]`: the best scores for parts that stay as they are.
 *
 * @param data `[n × d]` with the columns of the fit, finite and ≥ 0
 * @throws RapportError `nmf.columns` when the columns are not those of the fit, `nmf.missing`, `nmf.negative`
 *
 * Cost: 2 · components multiplications a stored value, then 2 n · components² a round.
 */
export function applyNmf({ components }: NmfModel, data: Matrix | SparseMatrix): Matrix {
  checkFitted('nmf', components.columns, data)
  const width = components.rows
  if (data.rows === 0) return matrix(0, width)
  const parts = transposed(components)
  checkRows(data)
  const wanted = timesBlock('nmf', data)(parts, width)
  const gram = gramOf(parts, width)
  const scores = new Float64Array(data.rows * width)
  const first = improve(scores, wanted, gram, width)
  for (let round = 0; round < applyRoundsMax && improve(scores, wanted, gram, width) > 1e-10 * first; round += 1);
  return matrix(data.rows, width, scores)
}

const applyRoundsMax = 2_000

/**
 * Puts each factor, row by row and one after the other, to its best value ≥ 0.
 *
 * @param factors `[n × width]`, changed in place
 * @param wanted `[n × width]` data × the other side
 * @param gram `[width × width]` of the other side
 * @returns Σ |slope| over what could be changed, before it was
 */
function improve(factors: Float64Array, wanted: Float64Array, gram: Float64Array, width: number): number {
  let left = 0
  for (let row = 0; row < factors.length; row += width) {
    for (let at = 0; at < width; at += 1) {
      let slope = -wanted[row + at]!
      for (let other = 0; other < width; other += 1) slope += gram[at * width + other]! * factors[row + other]!
      const before = factors[row + at]!
      left += Math.abs(before === 0 ? Math.min(0, slope) : slope)
      const curvature = gram[at * width + at]!
      if (curvature > 0) factors[row + at] = Math.max(0, before - slope / curvature)
    }
  }
  return left
}

function gramOf(factors: Float64Array, width: number): Float64Array {
  const gram = new Float64Array(width * width)
  for (let row = 0; row < factors.length; row += width) {
    for (let at = 0; at < width; at += 1) {
      const value = factors[row + at]!
      if (value === 0) continue
      for (let other = 0; other < width; other += 1) gram[at * width + other]! += value * factors[row + other]!
    }
  }
  return gram
}

/** From products alone, so that sparse data stay sparse; a fit that is exact to 1e-8 has rounding for an error. */
async function errorOf(
  kernels: Kernels,
  products: LoadedProducts,
  scores: NarrowBlock,
  parts: NarrowBlock,
): Promise<number> {
  const wanted = new NarrowBlock(kernels, products.rows, scores.width)
  await products.times(parts, wanted)
  let squares = products.squares.reduce((sum, square) => sum + square, 0)
  const [own, met] = [scores.values.view, wanted.values.view]
  for (let at = 0; at < own.length; at += 1) squares -= 2 * met[at]! * own[at]!
  const gram = await parts.gram()
  const ofScores = await scores.gram()
  for (let at = 0; at < gram.length; at += 1) squares += ofScores[at]! * gram[at]!
  return Math.sqrt(Math.max(0, squares))
}

function checkRows(data: Matrix | SparseMatrix): void {
  checkEntries('nmf', data)
  checkSquarable('nmf', data, 0)
  const { values } = data
  for (let at = 0; at < values.length; at += 1) {
    if (values[at]! < 0) throw new RapportError('nmf.negative', `every value must be at least 0, got ${values[at]}`)
  }
}

function checkStopping({ tolerance = 1e-4, roundsMax = 200 }: NmfOptions): void {
  if (!(tolerance > 0)) throw new RapportError('nmf.tolerance', `tolerance must be above 0, got ${tolerance}`)
  if (!Number.isInteger(roundsMax) || roundsMax < 1) {
    throw new RapportError('nmf.rounds', `roundsMax must be a whole number ≥ 1, got ${roundsMax}`)
  }
}
