/**
 * Adds weight · value of each column to `sums`, or weight · value² where `isSquared` is 1, row after row.
 *
 * `tile` is row-major, `rows` × `columns`; `weights` has a number a row.
 *
 * Twin: `wasm/linear/weighted-sums.ts`.
 */
export function addWeightedColumns(
  tile: usize,
  rows: i32,
  columns: i32,
  weights: usize,
  isSquared: i32,
  sums: usize,
): void {
  const rowBytes = (<usize>columns) << 3
  const pairBytes = (<usize>(columns & ~1)) << 3
  for (let row = 0; row < rows; row += 1) {
    const weight = load<f64>(weights)
    const pair = f64x2.splat(weight)
    for (let at: usize = 0; at < pairBytes; at += 16) {
      let value = v128.load(tile + at)
      if (isSquared) value = f64x2.mul(value, value)
      v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(pair, value)))
    }
    if (pairBytes < rowBytes) {
      let value = load<f64>(tile + pairBytes)
      if (isSquared) value *= value
      store<f64>(sums + pairBytes, load<f64>(sums + pairBytes) + weight * value)
    }
    weights += 8
    tile += rowBytes
  }
}

/**
 * Adds weight · xᵢ · xⱼ, j ≤ i, of a tile's rows to `sums`: for each entry a sum over the tile alone, in the rows' order.
 *
 * `tile` is row-major, `rows` × `width`, `width` a multiple of 4; `sums` has `width` × `width` numbers, of which some above the
 * diagonal are added to as well.
 *
 * Twin: `wasm/linear/weighted-sums.ts`.
 */
export function addWeightedProducts(tile: usize, rows: i32, width: i32, weights: usize, sums: usize): void {
  const rowBytes = (<usize>width) << 3
  // Four down and four across: each number read is used in several sums.
  for (let down: usize = 0; down < rowBytes; down += 32) {
    for (let across: usize = 0; across <= down; across += 32) {
      let sum00 = f64x2.splat(0)
      let sum01 = f64x2.splat(0)
      let sum10 = f64x2.splat(0)
      let sum11 = f64x2.splat(0)
      let sum20 = f64x2.splat(0)
      let sum21 = f64x2.splat(0)
      let sum30 = f64x2.splat(0)
      let sum31 = f64x2.splat(0)
      let own = tile + down
      let other = tile + across
      let weightAt = weights
      for (let row = 0; row < rows; row += 1) {
        const weight = v128.load64_splat(weightAt)
        const first = v128.load(other)
        const second = v128.load(other, 16)
        const left0 = f64x2.mul(weight, v128.load64_splat(own))
        sum00 = f64x2.add(sum00, f64x2.mul(left0, first))
        sum01 = f64x2.add(sum01, f64x2.mul(left0, second))
        const left1 = f64x2.mul(weight, v128.load64_splat(own, 8))
        sum10 = f64x2.add(sum10, f64x2.mul(left1, first))
        sum11 = f64x2.add(sum11, f64x2.mul(left1, second))
        const left2 = f64x2.mul(weight, v128.load64_splat(own, 16))
        sum20 = f64x2.add(sum20, f64x2.mul(left2, first))
        sum21 = f64x2.add(sum21, f64x2.mul(left2, second))
        const left3 = f64x2.mul(weight, v128.load64_splat(own, 24))
        sum30 = f64x2.add(sum30, f64x2.mul(left3, first))
        sum31 = f64x2.add(sum31, f64x2.mul(left3, second))
        own += rowBytes
        other += rowBytes
        weightAt += 8
      }
      let to = sums + (down >> 3) * rowBytes + across
      addPairs(to, sum00, sum01)
      addPairs((to += rowBytes), sum10, sum11)
      addPairs((to += rowBytes), sum20, sum21)
      addPairs(to + rowBytes, sum30, sum31)
    }
  }
}

function addPairs(to: usize, first: v128, second: v128): void {
  v128.store(to, f64x2.add(v128.load(to), first))
  v128.store(to, f64x2.add(v128.load(to, 16), second), 16)
}
