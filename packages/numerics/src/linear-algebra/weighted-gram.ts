import type { Matrix } from '../matrix/matrix.ts'
import { borrowKernels } from '../pool/direct-kernels.ts'

/** Rows that lie in the cache while all sums of them are made. */
const rowsPerBlock = 64
/** The kernel makes four by four sums at once. */
const across = 4

/**
 * The weighted gram matrix with a leading column of ones: Σ wᵣ (1, xᵣ)ᵀ (1, xᵣ).
 *
 * This is the Hessian of a linear model with an intercept.
 *
 * @param data `[n × d]`, finite
 * @param weights `[⌈n / stride⌉]` one for each row taken
 * @param stride takes rows 0, stride, 2·stride, …; default 1
 * @returns `[(d + 1) × (d + 1)]` row after row, both triangles; entry 0 belongs to the ones
 *
 * Cost: n d² / (2 stride) multiplications.
 */
export function weightedGram(data: Matrix, weights: Float64Array, stride = 1): Float64Array {
  const size = data.columns + 1
  const width = across * Math.ceil(size / across)
  const sums = sumProducts(data, weights, stride, width)
  const gram = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const sum = sums[row * width + column]!
      gram[row * size + column] = sum
      gram[column * size + row] = sum
    }
  }
  return gram
}

/** `[width × width]`; what is above the diagonal is not to be looked at. */
function sumProducts(data: Matrix, weights: Float64Array, stride: number, width: number): Float64Array {
  return borrowKernels(({ arena, kernel }) => {
    const sums = arena.float64(width * width)
    const block = arena.float64(rowsPerBlock * width)
    const own = arena.float64(rowsPerBlock)
    const [rows, ownWeights, add] = [block.view, own.view, kernel('addWeightedProducts')]
    for (let at = 0; at < rowsPerBlock; at += 1) rows[at * width] = 1
    const { columns, values } = data
    const taken = Math.ceil(data.rows / stride)
    for (let first = 0; first < taken; first += rowsPerBlock) {
      const count = Math.min(rowsPerBlock, taken - first)
      for (let at = 0; at < count; at += 1) {
        const from = (first + at) * stride * columns
        const to = at * width + 1
        // Number by number: to make a view of each row takes longer than to copy it.
        for (let column = 0; column < columns; column += 1) rows[to + column] = values[from + column]!
      }
      ownWeights.set(weights.subarray(first, first + count))
      add(block.at, count, width, own.at, sums.at)
    }
    return sums.view.slice()
  })
}
