import { squaredDistance } from './distance.ts'
import type { TwinMemory } from './twin.ts'

const slack = 1.000000000001

/** Twin of `assignRows` in assembly/k-means.ts; it needs no scratch, since its lanes are rows already. */
export function assignRows(
  memory: TwinMemory,
  rows: number,
  d: number,
  from: number,
  to: number,
  centroids: number,
  k: number,
  motion: number,
  labels: number,
  upper: number,
  lower: number,
  weights: number,
  _scratch: number,
  changes: number,
): number {
  const { float64, int32 } = memory
  const moved = motion >>> 3
  const book = changes >>> 3
  float64.fill(0, book, book + k * d + 2 * k)
  let changed = 0
  for (let row = from; row < to; row += 1) {
    const label = int32[(labels >>> 2) + row]!
    if (label >= 0) {
      const least = float64[(lower >>> 3) + row]! - float64[moved + k + label]!
      const gap = float64[moved + 2 * k + label]!
      const bound = Math.max(least, gap)
      let most = float64[(upper >>> 3) + row]! + float64[moved + label]!
      if (!(most * slack < bound)) {
        most = Math.sqrt(squaredDistance(memory, rows + row * d * 8, centroids + label * d * 8, d))
      }
      if (most * slack < bound) {
        float64[(upper >>> 3) + row] = most
        float64[(lower >>> 3) + row] = least
        continue
      }
    }
    const { best, second, nearest } = nearestTwo(float64, (rows >>> 3) + row * d, d, centroids >>> 3, k)
    float64[(upper >>> 3) + row] = Math.sqrt(best)
    float64[(lower >>> 3) + row] = Math.sqrt(second)
    if (nearest === label) continue
    const weight = weights ? float64[(weights >>> 3) + row]! : 1
    addRow(float64, (rows >>> 3) + row * d, d, weight, 1, book, nearest, k)
    if (label >= 0) addRow(float64, (rows >>> 3) + row * d, d, -weight, -1, book, label, k)
    int32[(labels >>> 2) + row] = nearest
    changed += 1
  }
  return changed
}

function nearestTwo(
  float64: Float64Array,
  row: number,
  d: number,
  centroids: number,
  k: number,
): { best: number; second: number; nearest: number } {
  let best = Infinity
  let second = Infinity
  let nearest = 0
  for (let cluster = 0; cluster < k; cluster += 1) {
    let distance = 0
    for (let column = 0; column < d; column += 1) {
      const difference = float64[row + column]! - float64[centroids + cluster * d + column]!
      distance += difference * difference
    }
    const loser = Math.max(distance, best)
    if (distance < best) {
      best = distance
      nearest = cluster
    }
    if (loser < second) second = loser
  }
  return { best, second, nearest }
}

function addRow(
  float64: Float64Array,
  row: number,
  d: number,
  weight: number,
  count: number,
  sums: number,
  cluster: number,
  k: number,
): void {
  for (let column = 0; column < d; column += 1) {
    float64[sums + cluster * d + column]! += float64[row + column]! * weight
  }
  float64[sums + k * d + cluster]! += weight
  float64[sums + k * d + k + cluster]! += count
}

/** Twin of `distancesToOwn` in assembly/k-means.ts. */
export function distancesToOwn(
  memory: TwinMemory,
  rows: number,
  d: number,
  from: number,
  to: number,
  centroids: number,
  labels: number,
  weights: number,
  distances: number,
): number {
  const { float64, int32 } = memory
  let total = 0
  for (let row = from; row < to; row += 1) {
    const label = int32[(labels >>> 2) + row]!
    const distance = squaredDistance(memory, rows + row * d * 8, centroids + label * d * 8, d)
    float64[(distances >>> 3) + row] = distance
    total += weights ? distance * float64[(weights >>> 3) + row]! : distance
  }
  return total
}

/** Twin of `distancesToPoint` in assembly/k-means.ts. */
export function distancesToPoint(
  memory: TwinMemory,
  rows: number,
  d: number,
  from: number,
  to: number,
  point: number,
  nearest: number,
  weights: number,
  out: number,
): number {
  const { float64 } = memory
  let total = 0
  for (let row = from; row < to; row += 1) {
    const known = float64[(nearest >>> 3) + row]!
    const distance = squaredDistance(memory, rows + row * d * 8, point, d)
    const least = Math.min(distance, known)
    float64[(out >>> 3) + row] = least
    total += weights ? least * float64[(weights >>> 3) + row]! : least
  }
  return total
}
