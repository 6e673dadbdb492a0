import type { Matrix } from '../matrix/matrix.ts'

/** Rows whose columns lie side by side while all sums of them are made: a few hundred columns of them stay in the cache. */
const rowsPerBlock = 64
/** Sums made at once, 2 down and 4 across: each number read is used in several of them. */
const down = 2
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
  const padded = across * Math.ceil(size / across)
  const sums = new Float64Array(padded * padded)
  // Column after column, the second times its row's weight.
  const plain = new Float64Array(padded * rowsPerBlock)
  const weighted = new Float64Array(padded * rowsPerBlock)
  const taken = Math.ceil(data.rows / stride)
  for (let first = 0; first < taken; first += rowsPerBlock) {
    const count = Math.min(rowsPerBlock, taken - first)
    for (let at = 0; at < count; at += 1) {
      const weight = weights[first + at]!
      plain[at] = 1
      weighted[at] = weight
      const from = (first + at) * stride * data.columns
      for (let column = 0, to = rowsPerBlock + at; column < data.columns; column += 1, to += rowsPerBlock) {
        const value = data.values[from + column]!
        plain[to] = value
        weighted[to] = weight * value
      }
    }
    addBlock(sums, weighted, plain, padded, size, count)
  }
  const gram = new Float64Array(size * size)
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const sum = sums[row * padded + column]!
      gram[row * size + column] = sum
      gram[column * size + row] = sum
    }
  }
  return gram
}

/** Adds one block of rows to the lower triangle; what it leaves above the diagonal is not looked at. */
function addBlock(
  sums: Float64Array,
  weighted: Float64Array,
  plain: Float64Array,
  padded: number,
  size: number,
  count: number,
): void {
  for (let row = 0; row < size; row += down) {
    const left0 = row * rowsPerBlock
    const left1 = left0 + rowsPerBlock
    for (let column = 0; column <= row + 1; column += across) {
      const right0 = column * rowsPerBlock
      const right1 = right0 + rowsPerBlock
      const right2 = right1 + rowsPerBlock
      const right3 = right2 + rowsPerBlock
      let [sum00, sum01, sum02, sum03] = [0, 0, 0, 0]
      let [sum10, sum11, sum12, sum13] = [0, 0, 0, 0]
      for (let at = 0; at < count; at += 1) {
        const first = weighted[left0 + at]!
        const second = weighted[left1 + at]!
        const value0 = plain[right0 + at]!
        const value1 = plain[right1 + at]!
        const value2 = plain[right2 + at]!
        const value3 = plain[right3 + at]!
        sum00 += first * value0
        sum01 += first * value1
        sum02 += first * value2
        sum03 += first * value3
        sum10 += second * value0
        sum11 += second * value1
        sum12 += second * value2
        sum13 += second * value3
      }
      const to0 = row * padded + column
      const to1 = to0 + padded
      sums[to0]! += sum00
      sums[to0 + 1]! += sum01
      sums[to0 + 2]! += sum02
      sums[to0 + 3]! += sum03
      sums[to1]! += sum10
      sums[to1 + 1]! += sum11
      sums[to1 + 2]! += sum12
      sums[to1 + 3]! += sum13
    }
  }
}
