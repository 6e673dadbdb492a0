/**
 * Squared Euclidean distance of two vectors.
 *
 * `a` and `b` are byte offsets, 16-byte aligned; `n` is even (the wrapper pads with zeros, which add nothing).
 * Two lanes are summed apart and joined last.
 */
export function squaredDistance(a: usize, b: usize, n: i32): f64 {
  let lanes = f64x2.splat(0)
  for (let at = 0; at < n; at += 2) {
    const offset = (<usize>at) << 3
    const difference = f64x2.sub(v128.load(a + offset), v128.load(b + offset))
    lanes = f64x2.add(lanes, f64x2.mul(difference, difference))
  }
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
}
