/**
 * Rows `from` … `to` − 1 of a matrix times a block of few columns, into `product` `[rows × stride]`.
 *
 * The matrix lies in compressed rows, `starts` and `columns` i32, `values` f64; where `starts` is 0 every row has `length`
 * values, one for each column. `block` `[columns × stride]`, stride a multiple of 4. Entries are added in order; four rows of
 * the block are read together, so that a sum is loaded and stored once for the four.
 *
 * Twin: `wasm/narrow-blocks.ts`, bit-equal.
 */
export function rowsTimesBlock(
  starts: usize,
  length: i32,
  columns: usize,
  values: usize,
  from: i32,
  to: i32,
  block: usize,
  stride: i32,
  product: usize,
): void {
  const bytes = (<usize>stride) << 3
  for (let row = from; row < to; row++) {
    const target = product + bytes * row
    memory.fill(target, 0, bytes)
    addEntries(starts, length, columns, values, row, block, bytes, target)
  }
}

/** Adds to `target` the rows of the block that row `row` of the matrix has entries for, times these. */
function addEntries(
  starts: usize,
  length: i32,
  columns: usize,
  values: usize,
  row: i32,
  block: usize,
  bytes: usize,
  target: usize,
): void {
  const first = starts ? load<i32>(starts + ((<usize>row) << 2)) : row * length
  const last = starts ? load<i32>(starts + ((<usize>row) << 2), 4) : first + length
  let entry = first
  for (; entry + 4 <= last; entry += 4) {
    const value = values + ((<usize>entry) << 3)
    const named = columns + ((<usize>entry) << 2)
    const place = <usize>(entry - first)
    const row0 = block + bytes * (starts ? <usize>load<u32>(named) : place)
    const row1 = block + bytes * (starts ? <usize>load<u32>(named, 4) : place + 1)
    const row2 = block + bytes * (starts ? <usize>load<u32>(named, 8) : place + 2)
    const row3 = block + bytes * (starts ? <usize>load<u32>(named, 12) : place + 3)
    const by0 = v128.load_splat<f64>(value)
    const by1 = v128.load_splat<f64>(value, 8)
    const by2 = v128.load_splat<f64>(value, 16)
    const by3 = v128.load_splat<f64>(value, 24)
    for (let part: usize = 0; part < bytes; part += 32) {
      let sum = f64x2.add(v128.load(target + part), f64x2.mul(by0, v128.load(row0 + part)))
      let other = f64x2.add(v128.load(target + part, 16), f64x2.mul(by0, v128.load(row0 + part, 16)))
      sum = f64x2.add(sum, f64x2.mul(by1, v128.load(row1 + part)))
      other = f64x2.add(other, f64x2.mul(by1, v128.load(row1 + part, 16)))
      sum = f64x2.add(sum, f64x2.mul(by2, v128.load(row2 + part)))
      other = f64x2.add(other, f64x2.mul(by2, v128.load(row2 + part, 16)))
      v128.store(target + part, f64x2.add(sum, f64x2.mul(by3, v128.load(row3 + part))))
      v128.store(target + part, f64x2.add(other, f64x2.mul(by3, v128.load(row3 + part, 16))), 16)
    }
  }
  for (; entry < last; entry++) {
    const by = v128.load_splat<f64>(values + ((<usize>entry) << 3))
    const place = starts ? <usize>load<u32>(columns + ((<usize>entry) << 2)) : <usize>(entry - first)
    const from = block + bytes * place
    for (let part: usize = 0; part < bytes; part += 16) {
      v128.store(target + part, f64x2.add(v128.load(target + part), f64x2.mul(by, v128.load(from + part))))
    }
  }
}

/**
 * Products of a block's columns with each other over rows `from` … `to` − 1, into `gram` `[stride × stride]`, stride a multiple
 * of 4. Only whole groups of four columns that touch the upper triangle are written. Each number sums the rows in order.
 *
 * Twin: `wasm/narrow-blocks.ts`, bit-equal.
 */
export function crossProducts(values: usize, stride: i32, from: i32, to: i32, gram: usize): void {
  const bytes = (<usize>stride) << 3
  const first = values + bytes * from
  const end = values + bytes * to
  for (let one: usize = 0; one < bytes; one += 32) {
    for (let other = one; other < bytes; other += 32) {
      let low0 = f64x2.splat(0)
      let low1 = f64x2.splat(0)
      let low2 = f64x2.splat(0)
      let low3 = f64x2.splat(0)
      let high0 = f64x2.splat(0)
      let high1 = f64x2.splat(0)
      let high2 = f64x2.splat(0)
      let high3 = f64x2.splat(0)
      for (let row = first; row < end; row += bytes) {
        const low = v128.load(row + other)
        const high = v128.load(row + other, 16)
        const by0 = v128.load_splat<f64>(row + one)
        const by1 = v128.load_splat<f64>(row + one, 8)
        const by2 = v128.load_splat<f64>(row + one, 16)
        const by3 = v128.load_splat<f64>(row + one, 24)
        low0 = f64x2.add(low0, f64x2.mul(by0, low))
        high0 = f64x2.add(high0, f64x2.mul(by0, high))
        low1 = f64x2.add(low1, f64x2.mul(by1, low))
        high1 = f64x2.add(high1, f64x2.mul(by1, high))
        low2 = f64x2.add(low2, f64x2.mul(by2, low))
        high2 = f64x2.add(high2, f64x2.mul(by2, high))
        low3 = f64x2.add(low3, f64x2.mul(by3, low))
        high3 = f64x2.add(high3, f64x2.mul(by3, high))
      }
      const at = gram + (one >> 3) * bytes + other
      v128.store(at, low0)
      v128.store(at, high0, 16)
      v128.store(at + bytes, low1)
      v128.store(at + bytes, high1, 16)
      v128.store(at + 2 * bytes, low2)
      v128.store(at + 2 * bytes, high2, 16)
      v128.store(at + 3 * bytes, low3)
      v128.store(at + 3 * bytes, high3, 16)
    }
  }
}

/**
 * Half a round of non-negative factorization: puts each number of rows `from` … `to` − 1 of `factors` `[rows × stride]`, one
 * after the other, to its best value ≥ 0 while the other side, `block`, stands still. The matrix as in `rowsTimesBlock`;
 * `gram` `[stride × stride]` that of `block`, `scratch` `[stride]`.
 *
 * Returns Σ |slope| over what could be changed, before it was. Twin: `wasm/narrow-blocks.ts`, bit-equal.
 */
export function improveParts(
  starts: usize,
  length: i32,
  columns: usize,
  values: usize,
  from: i32,
  to: i32,
  block: usize,
  stride: i32,
  gram: usize,
  factors: usize,
  scratch: usize,
): f64 {
  const bytes = (<usize>stride) << 3
  let left: f64 = 0
  for (let row = from; row < to; row++) {
    memory.fill(scratch, 0, bytes)
    addEntries(starts, length, columns, values, row, block, bytes, scratch)
    const own = factors + bytes * row
    for (let at: usize = 0; at < bytes; at += 8) {
      const across = gram + (at >> 3) * bytes
      let lanes = f64x2.splat(0)
      let others = f64x2.splat(0)
      for (let part: usize = 0; part < bytes; part += 32) {
        lanes = f64x2.add(lanes, f64x2.mul(v128.load(across + part), v128.load(own + part)))
        others = f64x2.add(others, f64x2.mul(v128.load(across + part, 16), v128.load(own + part, 16)))
      }
      lanes = f64x2.add(lanes, others)
      const slope = f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1) - load<f64>(scratch + at)
      const before = load<f64>(own + at)
      if (before != 0 || slope < 0) left += abs(slope)
      const curvature = load<f64>(across + at)
      if (curvature > 0) {
        const after = before - slope / curvature
        store<f64>(own + at, after > 0 ? after : 0)
      }
    }
  }
  return left
}
