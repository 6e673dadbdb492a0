/**
 * One half of a round of implicit ALS: moves rows `from … to − 1` of `target` towards their least-squares solution by
 * conjugate gradient, from where they stand.
 *
 * `target` and `fixed` hold factors `[rows × stride]`, single precision, `stride` a multiple of 4, padded with zeros.
 * `gram` is `[stride × stride]`, the Gram matrix of `fixed`. `rowStarts`, `columns`, `weights` (single precision) are the
 * sparse matrix of what an interaction adds to the confidence 1; `penalties` has one value a row. `scratch` takes
 * 3 · stride single-precision numbers that no other block uses.
 *
 * The matrix YᵀY + Σ w y yᵀ + penalty I is applied and never formed. Four rows y are read together, so the vector they
 * meet is loaded once for the four; sums keep the order of the entries.
 *
 * Returns by how much the loss fell: a step of length α along a conjugate direction takes α rᵀr off it, r the residual.
 *
 * Twin: `wasm/als.ts`, bit-equal.
 */
export function alsSweep(
  target: usize,
  fixed: usize,
  gram: usize,
  stride: i32,
  rowStarts: usize,
  columns: usize,
  weights: usize,
  penalties: usize,
  steps: i32,
  scratch: usize,
  from: i32,
  to: i32,
): f64 {
  const bytes = (<usize>stride) << 2
  const residual = scratch
  const direction = scratch + bytes
  const image = direction + bytes
  let fall: f64 = 0
  for (let row: usize = from; row < <usize>to; row += 1) {
    const solution = target + row * bytes
    const first = load<u32>(rowStarts + (row << 2))
    const last = load<u32>(rowStarts + (row << 2), 4)
    if (first === last) {
      memory.fill(solution, 0, bytes)
      continue
    }
    const penalty = load<f32>(penalties + (row << 2))
    applyGram(gram, penalty, solution, residual, bytes)
    for (let at: usize = 0; at < bytes; at += 16) v128.store(residual + at, f32x4.neg(v128.load(residual + at)))
    addEntries(true, fixed, columns, weights, first, last, solution, residual, bytes)
    memory.copy(direction, residual, bytes)
    let squared = product(residual, residual, bytes)
    for (let step = 0; step < steps && squared >= <f32>1e-10; step += 1) {
      applyGram(gram, penalty, direction, image, bytes)
      addEntries(false, fixed, columns, weights, first, last, direction, image, bytes)
      const alpha = squared / product(direction, image, bytes)
      fall += <f64>alpha * <f64>squared
      const length = f32x4.splat(alpha)
      for (let at: usize = 0; at < bytes; at += 16) {
        const moved = f32x4.mul(length, v128.load(direction + at))
        v128.store(solution + at, f32x4.add(v128.load(solution + at), moved))
        const removed = f32x4.mul(length, v128.load(image + at))
        v128.store(residual + at, f32x4.sub(v128.load(residual + at), removed))
      }
      const left = product(residual, residual, bytes)
      const turn = f32x4.splat(left / squared)
      for (let at: usize = 0; at < bytes; at += 16) {
        const kept = f32x4.mul(turn, v128.load(direction + at))
        v128.store(direction + at, f32x4.add(v128.load(residual + at), kept))
      }
      squared = left
    }
  }
  return fall
}

/**
 * What rows `from … to − 1` of `target` add to the loss of implicit ALS, their own penalties included; arguments as in
 * `alsSweep`, of `scratch` only the first `stride` numbers are used.
 *
 * Pairs without interaction are summed through the Gram matrix, Σ (xᵀy)² = xᵀ(YᵀY)x, so the cost is that of the
 * interactions and not of all pairs. Products in single precision, their sums in double.
 *
 * Twin: `wasm/als.ts`, bit-equal.
 */
export function alsLoss(
  target: usize,
  fixed: usize,
  gram: usize,
  stride: i32,
  rowStarts: usize,
  columns: usize,
  weights: usize,
  penalties: usize,
  scratch: usize,
  from: i32,
  to: i32,
): f64 {
  const bytes = (<usize>stride) << 2
  let loss: f64 = 0
  for (let row: usize = from; row < <usize>to; row += 1) {
    const solution = target + row * bytes
    applyGram(gram, load<f32>(penalties + (row << 2)), solution, scratch, bytes)
    loss += <f64>product(solution, scratch, bytes)
    const last = <usize>load<u32>(rowStarts + (row << 2), 4)
    for (let entry = <usize>load<u32>(rowStarts + (row << 2)); entry < last; entry += 1) {
      const at = entry << 2
      const predicted = <f64>product(fixed + <usize>load<u32>(columns + at) * bytes, solution, bytes)
      const missed = 1 - predicted
      loss += (1 + <f64>load<f32>(weights + at)) * (missed * missed) - predicted * predicted
    }
  }
  return loss
}

/** image = (gram + penalty I) vector, the rows of the symmetric matrix added in order. */
function applyGram(gram: usize, penalty: f32, vector: usize, image: usize, bytes: usize): void {
  const scale = f32x4.splat(penalty)
  for (let at: usize = 0; at < bytes; at += 16) v128.store(image + at, f32x4.mul(scale, v128.load(vector + at)))
  for (let other: usize = 0; other < bytes; other += 16) {
    const row = gram + (other >> 2) * bytes
    addFour(
      load<f32>(vector + other),
      load<f32>(vector + other, 4),
      load<f32>(vector + other, 8),
      load<f32>(vector + other, 12),
      row,
      row + bytes,
      row + 2 * bytes,
      row + 3 * bytes,
      image,
      bytes,
    )
  }
}

/** Adds each entry's factors y to `image`, scaled by w · yᵀvector, or by 1 + w − w · yᵀvector when `isStart`. */
function addEntries(
  isStart: bool,
  fixed: usize,
  columns: usize,
  weights: usize,
  first: u32,
  last: u32,
  vector: usize,
  image: usize,
  bytes: usize,
): void {
  let entry: usize = first
  for (; entry + 4 <= <usize>last; entry += 4) {
    const at = entry << 2
    const row0 = fixed + <usize>load<u32>(columns + at) * bytes
    const row1 = fixed + <usize>load<u32>(columns + at, 4) * bytes
    const row2 = fixed + <usize>load<u32>(columns + at, 8) * bytes
    const row3 = fixed + <usize>load<u32>(columns + at, 12) * bytes
    let lanes0 = f32x4.splat(0)
    let lanes1 = f32x4.splat(0)
    let lanes2 = f32x4.splat(0)
    let lanes3 = f32x4.splat(0)
    for (let part: usize = 0; part < bytes; part += 16) {
      const met = v128.load(vector + part)
      lanes0 = f32x4.add(lanes0, f32x4.mul(v128.load(row0 + part), met))
      lanes1 = f32x4.add(lanes1, f32x4.mul(v128.load(row1 + part), met))
      lanes2 = f32x4.add(lanes2, f32x4.mul(v128.load(row2 + part), met))
      lanes3 = f32x4.add(lanes3, f32x4.mul(v128.load(row3 + part), met))
    }
    addFour(
      scaleOf(isStart, load<f32>(weights + at), joinLanes(lanes0)),
      scaleOf(isStart, load<f32>(weights + at, 4), joinLanes(lanes1)),
      scaleOf(isStart, load<f32>(weights + at, 8), joinLanes(lanes2)),
      scaleOf(isStart, load<f32>(weights + at, 12), joinLanes(lanes3)),
      row0,
      row1,
      row2,
      row3,
      image,
      bytes,
    )
  }
  for (; entry < <usize>last; entry += 1) {
    const at = entry << 2
    const row = fixed + <usize>load<u32>(columns + at) * bytes
    const scale = f32x4.splat(scaleOf(isStart, load<f32>(weights + at), product(row, vector, bytes)))
    for (let part: usize = 0; part < bytes; part += 16) {
      v128.store(image + part, f32x4.add(v128.load(image + part), f32x4.mul(scale, v128.load(row + part))))
    }
  }
}

function scaleOf(isStart: bool, weight: f32, met: f32): f32 {
  return isStart ? <f32>1 + weight - weight * met : weight * met
}

function addFour(
  scale0: f32,
  scale1: f32,
  scale2: f32,
  scale3: f32,
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  image: usize,
  bytes: usize,
): void {
  const by0 = f32x4.splat(scale0)
  const by1 = f32x4.splat(scale1)
  const by2 = f32x4.splat(scale2)
  const by3 = f32x4.splat(scale3)
  for (let part: usize = 0; part < bytes; part += 16) {
    let sum = f32x4.add(v128.load(image + part), f32x4.mul(by0, v128.load(row0 + part)))
    sum = f32x4.add(sum, f32x4.mul(by1, v128.load(row1 + part)))
    sum = f32x4.add(sum, f32x4.mul(by2, v128.load(row2 + part)))
    v128.store(image + part, f32x4.add(sum, f32x4.mul(by3, v128.load(row3 + part))))
  }
}

function product(one: usize, other: usize, bytes: usize): f32 {
  let lanes = f32x4.splat(0)
  for (let at: usize = 0; at < bytes; at += 16) {
    lanes = f32x4.add(lanes, f32x4.mul(v128.load(one + at), v128.load(other + at)))
  }
  return joinLanes(lanes)
}

function joinLanes(lanes: v128): f32 {
  const low = f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1)
  return low + (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
}

/**
 * The Gram matrix Σ y yᵀ of rows `from … to − 1` into `gram` `[stride × stride]`, single precision, `stride` a multiple
 * of 4. Only whole groups of four columns that touch the upper triangle are written. Each number sums the rows in order.
 *
 * Twin: `wasm/als.ts`, bit-equal.
 */
export function gramBlock(values: usize, stride: i32, from: i32, to: i32, gram: usize): void {
  const bytes = (<usize>stride) << 2
  const first = values + <usize>from * bytes
  const end = values + <usize>to * bytes
  for (let one: usize = 0; one < bytes; one += 16) {
    for (let other = one; other < bytes; other += 16) {
      let sums0 = f32x4.splat(0)
      let sums1 = f32x4.splat(0)
      let sums2 = f32x4.splat(0)
      let sums3 = f32x4.splat(0)
      for (let row = first; row < end; row += bytes) {
        const part = v128.load(row + other)
        sums0 = f32x4.add(sums0, f32x4.mul(v128.load32_splat(row + one), part))
        sums1 = f32x4.add(sums1, f32x4.mul(v128.load32_splat(row + one, 4), part))
        sums2 = f32x4.add(sums2, f32x4.mul(v128.load32_splat(row + one, 8), part))
        sums3 = f32x4.add(sums3, f32x4.mul(v128.load32_splat(row + one, 12), part))
      }
      const at = gram + (one >> 2) * bytes + other
      v128.store(at, sums0)
      v128.store(at + bytes, sums1)
      v128.store(at + 2 * bytes, sums2)
      v128.store(at + 3 * bytes, sums3)
    }
  }
}
