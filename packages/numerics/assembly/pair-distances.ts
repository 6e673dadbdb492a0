/** Quads of a strip that stays in the nearest cache while all rows of a block pass. */
const STRIP: i32 = 32

/**
 * Sums the distances between rows and clusters, each pair of rows once, for the rows of quads `from` … `to` − 1.
 *
 * Rows lie four by four, column by column, `quads` `[n × d × 4]`, sorted by cluster: cluster c has quads `starts[c]` …
 * `starts[c + 1]` − 1 (i32), the last one filled up with places that `holes` `[n × 4]` marks with a 0 and all others with a 1. The
 * rows asked for are of one cluster, `own`. To `sums` `[4n × k]`, zero before, goes what each of them has to the rows of its own quad
 * and of later ones; into `back` `[4n]` what each of the later rows has to those asked for, 0 for earlier ones of these.
 *
 * Twin: src/wasm/pair-distances.ts.
 */
export function pairDistances(
  quads: usize,
  d: i32,
  n: i32,
  from: i32,
  to: i32,
  own: i32,
  k: i32,
  starts: usize,
  holes: usize,
  back: usize,
  sums: usize,
): void {
  memory.fill(back + ((<usize>from) << 5), 0, (<usize>(n - from)) << 5)
  for (let cluster = own; cluster < k; cluster++) {
    const start = load<i32>(starts + ((<usize>cluster) << 2))
    const end = load<i32>(starts + ((<usize>cluster) << 2), 4)
    for (let strip = start > from ? start : from; strip < end; strip += STRIP) {
      const stripEnd = strip + STRIP < end ? strip + STRIP : end
      for (let quad = from; quad < to; quad++) {
        addStrip(quads, d, quad, strip > quad ? strip : quad, stripEnd, cluster, k, holes, back, sums)
      }
    }
  }
}

function addStrip(
  quads: usize,
  d: i32,
  quad: i32,
  first: i32,
  end: i32,
  cluster: i32,
  k: i32,
  holes: usize,
  back: usize,
  sums: usize,
): void {
  const bytes = (<usize>d) << 5
  const own = quads + bytes * quad
  const ownEnd = own + bytes
  const ownHoles = holes + ((<usize>quad) << 5)
  let row0 = f64x2.splat(0)
  let row1 = f64x2.splat(0)
  let row2 = f64x2.splat(0)
  let row3 = f64x2.splat(0)
  for (let other = first; other < end; other++) {
    let low0 = f64x2.splat(0)
    let low1 = f64x2.splat(0)
    let low2 = f64x2.splat(0)
    let low3 = f64x2.splat(0)
    let high0 = f64x2.splat(0)
    let high1 = f64x2.splat(0)
    let high2 = f64x2.splat(0)
    let high3 = f64x2.splat(0)
    let place = quads + bytes * other
    for (let value = own; value < ownEnd; value += 32) {
      const low = v128.load(place)
      const high = v128.load(place, 16)
      place += 32
      let point = v128.load_splat<f64>(value)
      let gap = f64x2.sub(low, point)
      low0 = f64x2.add(low0, f64x2.mul(gap, gap))
      gap = f64x2.sub(high, point)
      high0 = f64x2.add(high0, f64x2.mul(gap, gap))
      point = v128.load_splat<f64>(value, 8)
      gap = f64x2.sub(low, point)
      low1 = f64x2.add(low1, f64x2.mul(gap, gap))
      gap = f64x2.sub(high, point)
      high1 = f64x2.add(high1, f64x2.mul(gap, gap))
      point = v128.load_splat<f64>(value, 16)
      gap = f64x2.sub(low, point)
      low2 = f64x2.add(low2, f64x2.mul(gap, gap))
      gap = f64x2.sub(high, point)
      high2 = f64x2.add(high2, f64x2.mul(gap, gap))
      point = v128.load_splat<f64>(value, 24)
      gap = f64x2.sub(low, point)
      low3 = f64x2.add(low3, f64x2.mul(gap, gap))
      gap = f64x2.sub(high, point)
      high3 = f64x2.add(high3, f64x2.mul(gap, gap))
    }
    const offset = (<usize>other) << 5
    const lowHoles = v128.load(holes + offset)
    const highHoles = v128.load(holes + offset, 16)
    low0 = f64x2.mul(f64x2.sqrt(low0), lowHoles)
    low1 = f64x2.mul(f64x2.sqrt(low1), lowHoles)
    low2 = f64x2.mul(f64x2.sqrt(low2), lowHoles)
    low3 = f64x2.mul(f64x2.sqrt(low3), lowHoles)
    high0 = f64x2.mul(f64x2.sqrt(high0), highHoles)
    high1 = f64x2.mul(f64x2.sqrt(high1), highHoles)
    high2 = f64x2.mul(f64x2.sqrt(high2), highHoles)
    high3 = f64x2.mul(f64x2.sqrt(high3), highHoles)
    row0 = f64x2.add(f64x2.add(row0, low0), high0)
    row1 = f64x2.add(f64x2.add(row1, low1), high1)
    row2 = f64x2.add(f64x2.add(row2, low2), high2)
    row3 = f64x2.add(f64x2.add(row3, low3), high3)
    if (other == quad) continue
    const hole0 = v128.load_splat<f64>(ownHoles)
    const hole1 = v128.load_splat<f64>(ownHoles, 8)
    const hole2 = v128.load_splat<f64>(ownHoles, 16)
    const hole3 = v128.load_splat<f64>(ownHoles, 24)
    let lowSum = f64x2.add(v128.load(back + offset), f64x2.mul(low0, hole0))
    let highSum = f64x2.add(v128.load(back + offset, 16), f64x2.mul(high0, hole0))
    lowSum = f64x2.add(lowSum, f64x2.mul(low1, hole1))
    highSum = f64x2.add(highSum, f64x2.mul(high1, hole1))
    lowSum = f64x2.add(lowSum, f64x2.mul(low2, hole2))
    highSum = f64x2.add(highSum, f64x2.mul(high2, hole2))
    v128.store(back + offset, f64x2.add(lowSum, f64x2.mul(low3, hole3)))
    v128.store(back + offset, f64x2.add(highSum, f64x2.mul(high3, hole3)), 16)
  }
  const target = sums + ((<usize>(4 * quad * k + cluster)) << 3)
  const step = (<usize>k) << 3
  addLanes(target, row0)
  addLanes(target + step, row1)
  addLanes(target + 2 * step, row2)
  addLanes(target + 3 * step, row3)
}

function addLanes(target: usize, lanes: v128): void {
  store<f64>(target, load<f64>(target) + (f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)))
}
