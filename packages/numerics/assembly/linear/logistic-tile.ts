import { exponential, logOnePlus } from '../exponential'

/**
 * Scores, loss, curvatures and gradient of logistic regression for a tile of rows.
 *
 * `tile` is row-major, `rows` × `columns`, `rows` a multiple of 4: rows of zeros with label and weight 0 fill it up.
 * `labels` (a byte, 0 or 1) and `weights` have one a row; `coefficients` has the intercept, then one a column. `scores`
 * and `curvatures` get a number a row. `gradient`, of `columns + 1` numbers, is added to, by a sum over the tile alone,
 * which is made in `scratch`: `rows + columns + 1` numbers.
 *
 * @returns the sum of weighted log losses
 *
 * Twin: `wasm/linear/logistic-tile.ts`.
 */
export function logisticTile(
  tile: usize,
  rows: i32,
  columns: i32,
  labels: usize,
  weights: usize,
  coefficients: usize,
  scores: usize,
  curvatures: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const sums = scratch + ((<usize>rows) << 3)
  const size = (<usize>columns + 1) << 3
  for (let row = 0; row < rows; row += 4) {
    scoreFour(tile + ((<usize>row * <usize>columns) << 3), columns, coefficients, scores + ((<usize>row) << 3))
  }
  const loss = addLosses(rows, labels, weights, scores, curvatures, scratch)
  memory.fill(sums, 0, size)
  for (let row = 0; row < rows; row += 4) {
    addFour(tile + ((<usize>row * <usize>columns) << 3), columns, scratch + ((<usize>row) << 3), sums)
  }
  for (let at: usize = 0; at < size; at += 8) store<f64>(gradient + at, load<f64>(gradient + at) + load<f64>(sums + at))
  return loss
}

/** Four rows side by side: one sum would wait for itself at every addition. Odd columns and even ones are summed apart. */
function scoreFour(row0: usize, columns: i32, coefficients: usize, scores: usize): void {
  const rowBytes = (<usize>columns) << 3
  const row1 = row0 + rowBytes
  const row2 = row1 + rowBytes
  const row3 = row2 + rowBytes
  const pairBytes = (<usize>(columns & ~1)) << 3
  let sum0 = f64x2.splat(0)
  let sum1 = f64x2.splat(0)
  let sum2 = f64x2.splat(0)
  let sum3 = f64x2.splat(0)
  for (let at: usize = 0; at < pairBytes; at += 16) {
    const pair = v128.load(coefficients + at, 8)
    sum0 = f64x2.add(sum0, f64x2.mul(v128.load(row0 + at), pair))
    sum1 = f64x2.add(sum1, f64x2.mul(v128.load(row1 + at), pair))
    sum2 = f64x2.add(sum2, f64x2.mul(v128.load(row2 + at), pair))
    sum3 = f64x2.add(sum3, f64x2.mul(v128.load(row3 + at), pair))
  }
  const isOdd = pairBytes < rowBytes
  const last = isOdd ? load<f64>(coefficients + pairBytes, 8) : 0
  const intercept = load<f64>(coefficients)
  store<f64>(scores, intercept + bothLanes(sum0) + (isOdd ? last * load<f64>(row0 + pairBytes) : 0))
  store<f64>(scores, intercept + bothLanes(sum1) + (isOdd ? last * load<f64>(row1 + pairBytes) : 0), 8)
  store<f64>(scores, intercept + bothLanes(sum2) + (isOdd ? last * load<f64>(row2 + pairBytes) : 0), 16)
  store<f64>(scores, intercept + bothLanes(sum3) + (isOdd ? last * load<f64>(row3 + pairBytes) : 0), 24)
}

function bothLanes(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** One exponential of a negative number serves loss and probability, and never overflows. */
function addLosses(rows: i32, labels: usize, weights: usize, scores: usize, curvatures: usize, residuals: usize): f64 {
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  let loss = zero
  for (let row: usize = 0; row < <usize>rows; row += 2) {
    const at = row << 3
    const score = v128.load(scores + at)
    const weight = v128.load(weights + at)
    const label = f64x2.replace_lane(f64x2.splat(<f64>load<u8>(labels + row)), 1, <f64>load<u8>(labels + row, 1))
    const small = exponential(f64x2.neg(f64x2.abs(score)))
    const total = f64x2.add(one, small)
    const probability = f64x2.div(v128.bitselect(one, small, f64x2.ge(score, zero)), total)
    const excess = f64x2.sub(f64x2.max(score, zero), f64x2.mul(label, score))
    loss = f64x2.add(loss, f64x2.mul(weight, f64x2.add(logOnePlus(small), excess)))
    v128.store(curvatures + at, f64x2.div(f64x2.mul(weight, small), f64x2.mul(total, total)))
    v128.store(residuals + at, f64x2.mul(weight, f64x2.sub(probability, label)))
  }
  return bothLanes(loss)
}

/** Four rows at a time, so that each sum is read and written once for four products. */
function addFour(row0: usize, columns: i32, residuals: usize, sums: usize): void {
  const rowBytes = (<usize>columns) << 3
  const row1 = row0 + rowBytes
  const row2 = row1 + rowBytes
  const row3 = row2 + rowBytes
  const pairBytes = (<usize>(columns & ~1)) << 3
  const residual0 = load<f64>(residuals)
  const residual1 = load<f64>(residuals, 8)
  const residual2 = load<f64>(residuals, 16)
  const residual3 = load<f64>(residuals, 24)
  store<f64>(sums, load<f64>(sums) + (residual0 + residual1 + (residual2 + residual3)))
  const pair0 = f64x2.splat(residual0)
  const pair1 = f64x2.splat(residual1)
  const pair2 = f64x2.splat(residual2)
  const pair3 = f64x2.splat(residual3)
  for (let at: usize = 0; at < pairBytes; at += 16) {
    const first = f64x2.add(f64x2.mul(pair0, v128.load(row0 + at)), f64x2.mul(pair1, v128.load(row1 + at)))
    const second = f64x2.add(f64x2.mul(pair2, v128.load(row2 + at)), f64x2.mul(pair3, v128.load(row3 + at)))
    v128.store(sums + at, f64x2.add(v128.load(sums + at, 8), f64x2.add(first, second)), 8)
  }
  if (pairBytes < rowBytes) {
    const first = residual0 * load<f64>(row0 + pairBytes) + residual1 * load<f64>(row1 + pairBytes)
    const second = residual2 * load<f64>(row2 + pairBytes) + residual3 * load<f64>(row3 + pairBytes)
    store<f64>(sums + pairBytes, load<f64>(sums + pairBytes, 8) + (first + second), 8)
  }
}
