import { squaredDistance } from './distance'

/** A bound must be beaten by more than rounding could have added. */
const SLACK: f64 = 1.000000000001

/**
 * Moves rows `from` … `to` − 1 to their nearest centroids and returns how many changed.
 *
 * Hamerly's bounds leave out most rows once centroids move little: `upper` is at least the distance to the row's own
 * centroid, `lower` at most the distance to any other. Rows that the bounds do not settle are gathered eight at a time
 * and transposed, so that a lane is a row and every distance is summed in column order.
 *
 * Offsets are bytes, 16-byte aligned. `rows` `[n × d]`, d even (zero-padded); `centroids` `[k × d]`; `motion` `[3 × k]`
 * how far each centroid moved, how far the farthest other moved, and half the gap to the nearest other; `labels` `[n]`
 * i32, −1 before the first call; `weights` `[n]` or 0; `scratch` `[8 × d + 32]`; `changes` `[k × d + 2 × k]` receives
 * what the clusters' sums, weights and row counts gained, in row order. Twin: src/wasm/k-means.ts.
 *
 * Source: Hamerly, "Making k-means even faster", SDM 2010.
 */
export function assignRows(
  rows: usize,
  d: i32,
  from: i32,
  to: i32,
  centroids: usize,
  k: i32,
  motion: usize,
  labels: usize,
  upper: usize,
  lower: usize,
  weights: usize,
  scratch: usize,
  changes: usize,
): i32 {
  memory.fill(changes, 0, (<usize>(k * d + 2 * k)) << 3)
  const rowBytes = (<usize>d) << 3
  const pending = scratch + rowBytes * 8 + 192
  let waiting = 0
  let changed = 0
  for (let row = from; row < to; row++) {
    const at = (<usize>row) << 3
    const label = load<i32>(labels + (at >> 1))
    if (label >= 0) {
      const ofLabel = motion + ((<usize>label) << 3)
      const least = load<f64>(lower + at) - load<f64>(ofLabel + ((<usize>k) << 3))
      const gap = load<f64>(ofLabel + ((<usize>k) << 4))
      const bound = least > gap ? least : gap
      let most = load<f64>(upper + at) + load<f64>(ofLabel)
      if (!(most * SLACK < bound)) {
        most = sqrt(squaredDistance(rows + rowBytes * row, centroids + rowBytes * label, d))
      }
      if (most * SLACK < bound) {
        store<f64>(upper + at, most)
        store<f64>(lower + at, least)
        continue
      }
    }
    store<i32>(pending + ((<usize>waiting) << 2), row)
    waiting++
    if (waiting == 8) {
      changed += settle(rows, d, 8, centroids, k, labels, upper, lower, weights, scratch, changes)
      waiting = 0
    }
  }
  if (waiting > 0) changed += settle(rows, d, waiting, centroids, k, labels, upper, lower, weights, scratch, changes)
  return changed
}

/** Finds the two nearest centroids of up to eight gathered rows and books their moves. */
function settle(
  rows: usize,
  d: i32,
  waiting: i32,
  centroids: usize,
  k: i32,
  labels: usize,
  upper: usize,
  lower: usize,
  weights: usize,
  scratch: usize,
  changes: usize,
): i32 {
  const rowBytes = (<usize>d) << 3
  const best = scratch + rowBytes * 8
  const second = best + 64
  const nearest = second + 64
  const pending = nearest + 64
  transpose(rows, d, waiting, scratch, pending)
  for (let lane: usize = 0; lane < 64; lane += 16) {
    v128.store(best + lane, f64x2.splat(Infinity))
    v128.store(second + lane, f64x2.splat(Infinity))
    v128.store(nearest + lane, f64x2.splat(0))
  }
  for (let cluster = 0; cluster < k; cluster++) {
    let a = f64x2.splat(0)
    let b = f64x2.splat(0)
    let c = f64x2.splat(0)
    let e = f64x2.splat(0)
    let tile = scratch
    let value = centroids + rowBytes * cluster
    const end = value + rowBytes
    while (value < end) {
      const centre = v128.load_splat<f64>(value)
      const da = f64x2.sub(v128.load(tile), centre)
      const db = f64x2.sub(v128.load(tile, 16), centre)
      const dc = f64x2.sub(v128.load(tile, 32), centre)
      const de = f64x2.sub(v128.load(tile, 48), centre)
      a = f64x2.add(a, f64x2.mul(da, da))
      b = f64x2.add(b, f64x2.mul(db, db))
      c = f64x2.add(c, f64x2.mul(dc, dc))
      e = f64x2.add(e, f64x2.mul(de, de))
      tile += 64
      value += 8
    }
    const name = f64x2.splat(<f64>cluster)
    keep(a, name, best)
    keep(b, name, best + 16)
    keep(c, name, best + 32)
    keep(e, name, best + 48)
  }
  let changed = 0
  for (let lane = 0; lane < waiting; lane++) {
    const offset = (<usize>lane) << 3
    const row = load<i32>(pending + ((<usize>lane) << 2))
    const at = (<usize>row) << 3
    store<f64>(upper + at, sqrt(load<f64>(best + offset)))
    store<f64>(lower + at, sqrt(load<f64>(second + offset)))
    const after = <i32>load<f64>(nearest + offset)
    const before = load<i32>(labels + (at >> 1))
    if (after == before) continue
    const weight = weights ? load<f64>(weights + at) : 1
    addRow(rows + rowBytes * row, d, weight, 1, changes, after, k)
    if (before >= 0) addRow(rows + rowBytes * row, d, -weight, -1, changes, before, k)
    store<i32>(labels + (at >> 1), after)
    changed++
  }
  return changed
}

/** Rows become lanes: column j of the eight rows lies together. Lanes without a row repeat the last one. */
function transpose(rows: usize, d: i32, waiting: i32, tile: usize, pending: usize): void {
  const rowBytes = (<usize>d) << 3
  for (let lane = 0; lane < 8; lane += 2) {
    const first = lane < waiting ? lane : waiting - 1
    const other = lane + 1 < waiting ? lane + 1 : waiting - 1
    let a = rows + rowBytes * load<i32>(pending + ((<usize>first) << 2))
    let b = rows + rowBytes * load<i32>(pending + ((<usize>other) << 2))
    let to = tile + ((<usize>lane) << 3)
    const end = a + rowBytes
    while (a < end) {
      const ofA = v128.load(a)
      const ofB = v128.load(b)
      v128.store(to, v128.shuffle<f64>(ofA, ofB, 0, 2))
      v128.store(to, v128.shuffle<f64>(ofA, ofB, 1, 3), 64)
      a += 16
      b += 16
      to += 128
    }
  }
}

/** Two lanes' nearest and second-nearest so far; an earlier cluster wins a tie. */
function keep(distance: v128, name: v128, best: usize): void {
  const least = v128.load(best)
  const isNearer = f64x2.lt(distance, least)
  const loser = v128.bitselect(least, distance, isNearer)
  const runnerUp = v128.load(best, 64)
  v128.store(best, v128.bitselect(distance, least, isNearer))
  v128.store(best, v128.bitselect(loser, runnerUp, f64x2.lt(loser, runnerUp)), 64)
  v128.store(best, v128.bitselect(name, v128.load(best, 128), isNearer), 128)
}

/** Adds a weighted row to a cluster's sum, its weight to the cluster's, and `count` to the number of its rows. */
function addRow(row: usize, d: i32, weight: f64, count: f64, sums: usize, cluster: i32, k: i32): void {
  const factor = f64x2.splat(weight)
  let to = sums + ((<usize>(cluster * d)) << 3)
  const end = row + ((<usize>d) << 3)
  for (; row < end; row += 16, to += 16) {
    v128.store(to, f64x2.add(v128.load(to), f64x2.mul(v128.load(row), factor)))
  }
  const total = sums + ((<usize>(k * d + cluster)) << 3)
  store<f64>(total, load<f64>(total) + weight)
  const counted = total + ((<usize>k) << 3)
  store<f64>(counted, load<f64>(counted) + count)
}

/**
 * Squared distance of each row to its own centroid into `distances`; returns their weighted sum, in row order.
 * Arguments as in `assignRows`.
 */
export function distancesToOwn(
  rows: usize,
  d: i32,
  from: i32,
  to: i32,
  centroids: usize,
  labels: usize,
  weights: usize,
  distances: usize,
): f64 {
  const rowBytes = (<usize>d) << 3
  let total: f64 = 0
  for (let row = from; row < to; row++) {
    const at = (<usize>row) << 3
    const label = load<i32>(labels + (at >> 1))
    const distance = squaredDistance(rows + rowBytes * row, centroids + rowBytes * label, d)
    store<f64>(distances + at, distance)
    total += weights ? distance * load<f64>(weights + at) : distance
  }
  return total
}

/**
 * The smaller of `nearest` and the squared distance to `point`, per row, into `out`; returns their weighted sum, in
 * row order: the potential of k-means++ if `point` became a centroid. Arguments as in `assignRows`.
 */
export function distancesToPoint(
  rows: usize,
  d: i32,
  from: i32,
  to: i32,
  point: usize,
  nearest: usize,
  weights: usize,
  out: usize,
): f64 {
  const rowBytes = (<usize>d) << 3
  let total: f64 = 0
  for (let row = from; row < to; row++) {
    const at = (<usize>row) << 3
    const known = load<f64>(nearest + at)
    const distance = squaredDistance(rows + rowBytes * row, point, d)
    const least = distance < known ? distance : known
    store<f64>(out + at, least)
    total += weights ? least * load<f64>(weights + at) : least
  }
  return total
}
