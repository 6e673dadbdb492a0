import { type Kernels, RapportError, seededRandom, type Work } from '@rapport/numerics'
import type { LoadedProducts } from './loaded-products.ts'
import type { NarrowBlock } from './narrow-block.ts'
import { truncatedSvdOf } from './truncated-svd.ts'

/** Both sides of a non-negative factorization. */
export interface Factors {
  /** `[n × components]` */
  readonly scores: NarrowBlock
  /** `[d × components]` */
  readonly parts: NarrowBlock
}

/**
 * Where a factorization begins, written into `factors`. NNDSVDa: of each pair of singular vectors the side, positive or negative, that holds more; zeros become the data's mean, or
 * they would stay zeros. Where the rank is lower than the parts asked for, the rest is random.
 *
 * @throws RapportError `nmf.zero` when all values are 0
 */
export async function startingFactors(
  kernels: Kernels,
  products: LoadedProducts,
  factors: Factors,
  seed: number,
  work: Work | undefined,
): Promise<void> {
  const { rows, columns, sums, squares } = products
  const components = factors.scores.width
  if (!squares.some((square) => square > 0)) {
    throw new RapportError('nmf.zero', 'at least one value must be above 0, got none')
  }
  const mean = sums.reduce((sum, value) => sum + value, 0) / (rows * columns)
  const quiet = work && { ...work, onProgress: () => {} }
  const mark = kernels.arena.mark()
  const { model: svd, scores: projected } = await truncatedSvdOf(kernels, products, { components, seed }, quiet)
  kernels.arena.release(mark)
  const rank = svd.singularValues.length
  const random = seededRandom(seed)
  const scores = Float64Array.from({ length: rows * components }, () => mean * random.uniform())
  const parts = Float64Array.from({ length: columns * components }, () => mean * random.uniform())
  for (let k = 0; k < rank; k += 1) {
    // Scores are left vectors times the singular value, right vectors have length 1.
    const left = Float64Array.from({ length: rows }, (_, row) => projected[row * rank + k]!)
    const right = Float64Array.from(svd.components.values.subarray(k * columns, (k + 1) * columns))
    const value = svd.singularValues[k]!
    const up = { left: lengthOf(left, 1) / value, right: lengthOf(right, 1) }
    const down = { left: lengthOf(left, -1) / value, right: lengthOf(right, -1) }
    const sign = up.left * up.right >= down.left * down.right ? 1 : -1
    const side = sign === 1 ? up : down
    const size = Math.sqrt(value * side.left * side.right)
    place(scores, components, k, left, (sign * size) / (value * side.left), mean)
    place(parts, components, k, right, (sign * size) / side.right, mean)
  }
  factors.scores.fill(scores)
  factors.parts.fill(parts)
}

function place(
  factors: Float64Array,
  width: number,
  k: number,
  vector: Float64Array,
  scale: number,
  instead: number,
): void {
  vector.forEach((value, row) => {
    const scaled = value * scale
    factors[row * width + k] = scaled > 1e-6 ? scaled : instead
  })
}

/** Length of the entries with this sign. */
const lengthOf = (vector: Float64Array, sign: 1 | -1): number =>
  Math.sqrt(vector.reduce((sum, value) => (sign * value > 0 ? sum + value * value : sum), 0))
