import type { Matrix } from '../matrix/matrix.ts'

const rowsPerTile = 4

/**
 * The weighted gram matrix with a leading column of ones: Σ wᵣ (1, xᵣ)ᵀ (1, xᵣ).
 *
 * This is the Hessian of a linear model with an intercept. Four rows are taken at a time, so each sum is read and
 * written once for four products, and rows that are zero in a column (one-hot columns mostly are) cost nothing.
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
  const gram = new Float64Array(size * size)
  const tile = new Float64Array(rowsPerTile * size)
  const taken = Math.ceil(data.rows / stride)
  for (let first = 0; first < taken; first += rowsPerTile) {
    const count = Math.min(rowsPerTile, taken - first)
    if (count < rowsPerTile) tile.fill(0)
    for (let at = 0; at < count; at += 1) {
      const from = (first + at) * stride * data.columns
      tile[at * size] = 1
      tile.set(data.values.subarray(from, from + data.columns), at * size + 1)
    }
    addTile(gram, tile, size, weights, first, count)
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < row; column += 1) gram[column * size + row] = gram[row * size + column]!
  }
  return gram
}

function addTile(
  gram: Float64Array,
  tile: Float64Array,
  size: number,
  weights: Float64Array,
  first: number,
  count: number,
): void {
  const weight0 = weights[first]!
  const weight1 = count > 1 ? weights[first + 1]! : 0
  const weight2 = count > 2 ? weights[first + 2]! : 0
  const weight3 = count > 3 ? weights[first + 3]! : 0
  const second = size
  const third = 2 * size
  const fourth = 3 * size
  for (let row = 0; row < size; row += 1) {
    const factor0 = weight0 * tile[row]!
    const factor1 = weight1 * tile[second + row]!
    const factor2 = weight2 * tile[third + row]!
    const factor3 = weight3 * tile[fourth + row]!
    if (factor0 === 0 && factor1 === 0 && factor2 === 0 && factor3 === 0) continue
    const rowAt = row * size
    for (let column = 0; column <= row; column += 1) {
      gram[rowAt + column]! +=
        factor0 * tile[column]! +
        factor1 * tile[second + column]! +
        factor2 * tile[third + column]! +
        factor3 * tile[fourth + column]!
    }
  }
}
