/** Bytes that the result of a column takes: six numbers in double precision. */
const resultBytes: usize = 48
const sumsOfColumn: usize = 4096
const countsOfColumn: usize = 1024
const hessianMin: f64 = 1e-3

/**
 * The best threshold of each of the columns `columnFrom … columnTo − 1` for a node with the given sums.
 *
 * `sums` and `counts` are histograms as `buildHistograms` leaves them; `binsPresent` has each column's bins without the
 * one for missing values, `kinds` 1 where missing values are to be tried on both sides, 2 for columns to leave alone.
 * For each column six numbers go to `results`: gain (0 when there is no split), bin, whether missing values go left,
 * and the rows, gradient and hessian on the left. Of equal gains the first counts: low bins, missing values right.
 *
 * Twin: `wasm/split-search.ts`, bit-equal.
 */
export function searchThresholds(
  columnFrom: i32,
  columnTo: i32,
  sums: usize,
  counts: usize,
  binsPresent: usize,
  kinds: usize,
  rows: i32,
  gradient: f64,
  hessian: f64,
  value: f64,
  rowsPerLeafMin: i32,
  l2: f64,
  results: usize,
): void {
  const node = f64x2.replace_lane(f64x2.splat(gradient), 1, hessian)
  const loss = gradient * value
  for (let column: usize = columnFrom; column < <usize>columnTo; column += 1) {
    const result = results + column * resultBytes
    store<f64>(result, 0)
    const kind = load<u8>(kinds + column)
    if (kind == 2) continue
    const columnSums = sums + column * sumsOfColumn
    const columnCounts = counts + column * countsOfColumn
    const bins = load<i32>(binsPresent + (column << 2))
    searchRising(columnSums, columnCounts, bins - 1 + kind, node, loss, rows, rowsPerLeafMin, l2, result)
    if (kind == 1) searchFalling(columnSums, columnCounts, bins, node, loss, rows, rowsPerLeafMin, l2, result)
  }
}

function searchRising(
  sums: usize,
  counts: usize,
  end: i32,
  node: v128,
  loss: f64,
  rows: i32,
  rowsPerLeafMin: i32,
  l2: f64,
  result: usize,
): void {
  let left = f64x2.splat(0)
  let best = left
  let rowsLeft = 0
  let bestGain: f64 = 0
  let bestBin = -1
  let bestRows = 0
  for (let bin = 0; bin < end; bin += 1) {
    const pair = v128.load(sums + ((<usize>bin) << 4))
    const count = load<i32>(counts + ((<usize>bin) << 2))
    // An empty bin leaves the sums, and so the gain, as they were.
    if (!count && !v128.any_true(pair)) continue
    rowsLeft += count
    left = f64x2.add(left, pair)
    if (rowsLeft < rowsPerLeafMin) continue
    if (rows - rowsLeft < rowsPerLeafMin) break
    if (f64x2.extract_lane(left, 1) < hessianMin) continue
    const right = f64x2.sub(node, left)
    if (f64x2.extract_lane(right, 1) < hessianMin) break
    const gain = gainOf(left, right, loss, l2)
    if (gain > bestGain) {
      bestGain = gain
      bestBin = bin
      bestRows = rowsLeft
      best = left
    }
  }
  if (bestBin >= 0) note(result, bestGain, bestBin, 0, bestRows, best)
}

function searchFalling(
  sums: usize,
  counts: usize,
  bins: i32,
  node: v128,
  loss: f64,
  rows: i32,
  rowsPerLeafMin: i32,
  l2: f64,
  result: usize,
): void {
  let right = f64x2.splat(0)
  let best = right
  let rowsRight = 0
  let bestGain = load<f64>(result)
  let bestBin = -1
  let bestRows = 0
  for (let bin = bins - 2; bin >= 0; bin -= 1) {
    const pair = v128.load(sums + ((<usize>(bin + 1)) << 4))
    const count = load<i32>(counts + ((<usize>(bin + 1)) << 2))
    if (!count && !v128.any_true(pair)) continue
    rowsRight += count
    right = f64x2.add(right, pair)
    if (rowsRight < rowsPerLeafMin) continue
    if (rows - rowsRight < rowsPerLeafMin) break
    if (f64x2.extract_lane(right, 1) < hessianMin) continue
    const left = f64x2.sub(node, right)
    if (f64x2.extract_lane(left, 1) < hessianMin) break
    const gain = gainOf(left, right, loss, l2)
    if (gain > bestGain) {
      bestGain = gain
      bestBin = bin
      bestRows = rows - rowsRight
      best = left
    }
  }
  if (bestBin >= 0) note(result, bestGain, bestBin, 1, bestRows, best)
}

// Both sides at once: one division instead of two.
function gainOf(left: v128, right: v128, loss: f64, l2: f64): f64 {
  const gradients = v128.shuffle<f64>(left, right, 0, 2)
  const hessians = v128.shuffle<f64>(left, right, 1, 3)
  const regular = f64x2.add(f64x2.add(hessians, f64x2.splat(l2)), f64x2.splat(1e-15))
  const losses = f64x2.mul(gradients, f64x2.div(f64x2.neg(gradients), regular))
  return loss - f64x2.extract_lane(losses, 0) - f64x2.extract_lane(losses, 1)
}

function note(result: usize, gain: f64, bin: i32, missingLeft: i32, rowsLeft: i32, left: v128): void {
  store<f64>(result, gain)
  store<f64>(result, bin, 8)
  store<f64>(result, missingLeft, 16)
  store<f64>(result, rowsLeft, 24)
  v128.store(result, left, 32)
}
