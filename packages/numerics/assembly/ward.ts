/** Boxes count as nearer by this share, so that rounding leaves none out. */
const ROUNDING: f64 = 1e-12

/**
 * The nearest cluster under Ward's linkage for each slot that `queries` (i32) names at `from` … `to` − 1: its slot into
 * `nearest` `[n]` (i32), 2ab / (a + b) times the squared distance of the centroids into `squares` `[n]`.
 *
 * `centroids` `[n × width]`, d columns and a zero where d is odd, and `weights` `[n]` lie by slot. The clusters to choose from lie
 * in quads, four by four, column by column: `quads` `[quads × d × 4]`, `names` (i32) and `quadWeights` `[quads × 4]`; a place is
 * empty when its first column is infinite. A tree of boxes, node k with the children 2k + 1 and 2k + 2, holds the first of them:
 * `lower`, `upper` `[nodes × width]`, `lightest` `[nodes]`, and for nodes from `firstLeaf` the quads `ranges` (i32) `[leaves + 1]`.
 * Quads `freshFrom` … `freshTo` − 1 are in no box. `stack` takes 128 numbers.
 *
 * Of equally near ones that wins whose pair has the smaller hash: ties then make many pairs at once instead of one. What is found
 * depends on the clusters alone and not on the tree. Twin: src/wasm/ward.ts.
 */
export function nearestByWard(
  queries: usize,
  from: i32,
  to: i32,
  d: i32,
  centroids: usize,
  weights: usize,
  quads: usize,
  names: usize,
  quadWeights: usize,
  lower: usize,
  upper: usize,
  lightest: usize,
  ranges: usize,
  firstLeaf: i32,
  freshFrom: i32,
  freshTo: i32,
  stack: usize,
  nearest: usize,
  squares: usize,
): void {
  const rowBytes = (<usize>(d + (d & 1))) << 3
  for (let at = from; at < to; at++) {
    const slot = load<i32>(queries + ((<usize>at) << 2))
    const own = (<usize>slot) << 3
    const point = centroids + rowBytes * slot
    const weight = load<f64>(weights + own)
    store<i32>(nearest + (own >> 1), -1)
    store<f64>(squares + own, Infinity)
    for (let quad = freshFrom; quad < freshTo; quad++) {
      compareQuad(quad, slot, d, point, weight, quads, names, quadWeights, nearest, squares)
    }
    // Open boxes with the least that they could hold, the nearest on top.
    store<f64>(stack, 0)
    store<f64>(stack, 0, 8)
    let open = 1
    while (open > 0) {
      open--
      const top = stack + ((<usize>open) << 4)
      if (load<f64>(top) > load<f64>(squares + own)) continue
      const node = <i32>load<f64>(top, 8)
      if (node >= firstLeaf) {
        const range = ranges + ((<usize>(node - firstLeaf)) << 2)
        const last = load<i32>(range, 4)
        for (let quad = load<i32>(range); quad < last; quad++) {
          compareQuad(quad, slot, d, point, weight, quads, names, quadWeights, nearest, squares)
        }
        continue
      }
      const left = 2 * node + 1
      const toLeft = leastSquare(left, rowBytes, point, weight, lower, upper, lightest)
      const toRight = leastSquare(left + 1, rowBytes, point, weight, lower, upper, lightest)
      const isLeftNearer = toLeft <= toRight
      store<f64>(top, isLeftNearer ? toRight : toLeft)
      store<f64>(top, <f64>(isLeftNearer ? left + 1 : left), 8)
      store<f64>(top, isLeftNearer ? toLeft : toRight, 16)
      store<f64>(top, <f64>(isLeftNearer ? left : left + 1), 24)
      open += 2
    }
  }
}

function leastSquare(
  node: i32,
  rowBytes: usize,
  point: usize,
  weight: f64,
  lower: usize,
  upper: usize,
  lightest: usize,
): f64 {
  const box = rowBytes * node
  let lanes = f64x2.splat(0)
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const value = v128.load(point + at)
    const below = f64x2.sub(v128.load(lower + box + at), value)
    const above = f64x2.sub(value, v128.load(upper + box + at))
    const outside = f64x2.pmax(f64x2.splat(0), f64x2.pmax(below, above))
    lanes = f64x2.add(lanes, f64x2.mul(outside, outside))
  }
  const least = load<f64>(lightest + ((<usize>node) << 3))
  const square = f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1)
  return square * ((2 * weight * least) / (weight + least)) * (1 - ROUNDING)
}

/** Compares four clusters with the nearest so far. */
function compareQuad(
  quad: i32,
  slot: i32,
  d: i32,
  point: usize,
  weight: f64,
  quads: usize,
  names: usize,
  quadWeights: usize,
  nearest: usize,
  squares: usize,
): void {
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let value = point
  let place = quads + ((<usize>quad * d) << 5)
  const end = point + ((<usize>d) << 3)
  while (value < end) {
    const own = v128.load_splat<f64>(value)
    const da = f64x2.sub(v128.load(place), own)
    const db = f64x2.sub(v128.load(place, 16), own)
    a = f64x2.add(a, f64x2.mul(da, da))
    b = f64x2.add(b, f64x2.mul(db, db))
    value += 8
    place += 32
  }
  const others = quadWeights + ((<usize>quad) << 5)
  // Division is dear: first without it, and with some room for what rounding does to either side.
  const least = load<f64>(squares + ((<usize>slot) << 3)) * (1 + ROUNDING)
  const own = f64x2.splat(weight)
  const twice = f64x2.splat(2 * weight)
  const limit = f64x2.splat(least)
  const ofA = v128.load(others)
  const ofB = v128.load(others, 16)
  const nearA = f64x2.le(f64x2.mul(a, f64x2.mul(twice, ofA)), f64x2.mul(limit, f64x2.add(own, ofA)))
  const nearB = f64x2.le(f64x2.mul(b, f64x2.mul(twice, ofB)), f64x2.mul(limit, f64x2.add(own, ofB)))
  if (!v128.any_true(v128.or(nearA, nearB))) return
  const name = names + ((<usize>quad) << 4)
  keep(f64x2.extract_lane(a, 0), load<f64>(others), load<i32>(name), slot, weight, nearest, squares)
  keep(f64x2.extract_lane(a, 1), load<f64>(others, 8), load<i32>(name, 4), slot, weight, nearest, squares)
  keep(f64x2.extract_lane(b, 0), load<f64>(others, 16), load<i32>(name, 8), slot, weight, nearest, squares)
  keep(f64x2.extract_lane(b, 1), load<f64>(others, 24), load<i32>(name, 12), slot, weight, nearest, squares)
}

function keep(distance: f64, other: f64, name: i32, slot: i32, weight: f64, nearest: usize, squares: usize): void {
  const at = (<usize>slot) << 3
  const square = distance * ((2 * weight * other) / (weight + other))
  const least = load<f64>(squares + at)
  if (name == slot || !(square < Infinity) || square > least) return
  if (square == least && !isBefore(slot, name, load<i32>(nearest + (at >> 1)))) return
  store<f64>(squares + at, square)
  store<i32>(nearest + (at >> 1), name)
}

/** Whether the pair of `slot` and `one` goes before that of `slot` and `other`. */
function isBefore(slot: i32, one: i32, other: i32): bool {
  const first = hashOfPair(slot, one)
  const second = hashOfPair(slot, other)
  return first == second ? one < other : first < second
}

function hashOfPair(one: i32, other: i32): u32 {
  const low = <u32>(one < other ? one : other)
  const high = <u32>(one < other ? other : one)
  let hash = (low * 0x9e3779b1) ^ (high * 0x85ebca77)
  hash ^= hash >> 15
  hash *= 0x2c1b3c6d
  return hash ^ (hash >> 13)
}
