/**
 * Sums, for each row that `targets` (i32) names at `from` … `to` − 1, its distances to all rows of each cluster, into `sums` `[to − from × k]`.
 *
 * The rows lie transposed, `columns` `[d × n]` with n even, sorted by cluster, cluster c at `starts[c]` … `starts[c + 1]` − 1
 * (i32); every start is even, and a cluster of odd size ends in one padding place that `holes` marks with a 0 and all
 * other places with a 1. Two lanes are summed apart and joined last. `scratch` `[n]`. Twin: src/wasm/silhouette.ts.
 */
export function distanceSums(
  columns: usize,
  d: i32,
  n: i32,
  targets: usize,
  from: i32,
  to: i32,
  k: i32,
  starts: usize,
  holes: usize,
  scratch: usize,
  sums: usize,
): void {
  const bytes = (<usize>n) << 3
  for (let place = from; place < to; place++) {
    const own = (<usize>load<i32>(targets + ((<usize>place) << 2))) << 3
    // Strips of 256 rows keep the squares in the nearest cache while the columns pass.
    for (let strip: usize = 0; strip < bytes; strip += 2048) {
      const end = strip + 2048 < bytes ? strip + 2048 : bytes
      for (let column = 0; column < d; column++) {
        const values = columns + bytes * column
        const value = v128.load_splat<f64>(values + own)
        if (column == 0) {
          for (let at = strip; at < end; at += 16) {
            const difference = f64x2.sub(v128.load(values + at), value)
            v128.store(scratch + at, f64x2.mul(difference, difference))
          }
        } else {
          for (let at = strip; at < end; at += 16) {
            const difference = f64x2.sub(v128.load(values + at), value)
            v128.store(scratch + at, f64x2.add(v128.load(scratch + at), f64x2.mul(difference, difference)))
          }
        }
      }
    }
    for (let cluster = 0; cluster < k; cluster++) {
      const first = (<usize>load<i32>(starts + ((<usize>cluster) << 2))) << 3
      const last = (<usize>load<i32>(starts + ((<usize>(cluster + 1)) << 2))) << 3
      let lanes = f64x2.splat(0)
      for (let at = first; at < last; at += 16) {
        lanes = f64x2.add(lanes, f64x2.mul(f64x2.sqrt(v128.load(scratch + at)), v128.load(holes + at)))
      }
      const target = sums + ((<usize>((place - from) * k + cluster)) << 3)
      store<f64>(target, f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1))
    }
  }
}
