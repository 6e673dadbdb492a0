import type { TwinMemory } from './twin.ts'

const roundingShare = 1e-12

/** Twin of `nearestByWard` in assembly/ward.ts. */
export function nearestByWard(
  { float64, int32 }: TwinMemory,
  queries: number,
  from: number,
  to: number,
  d: number,
  centroids: number,
  weights: number,
  quads: number,
  names: number,
  quadWeights: number,
  lower: number,
  upper: number,
  lightest: number,
  ranges: number,
  firstLeaf: number,
  freshFrom: number,
  freshTo: number,
  _stack: number,
  nearest: number,
  squares: number,
): undefined {
  const width = d + (d % 2)
  for (let at = from; at < to; at += 1) {
    const slot = int32[(queries >>> 2) + at]!
    const point = (centroids >>> 3) + slot * width
    const weight = float64[(weights >>> 3) + slot]!
    let found = -1
    let least = Infinity

    const compareQuads = (first: number, last: number): void => {
      for (let place = 4 * first; place < 4 * last; place += 1) {
        const columns = (quads >>> 3) + (place >> 2) * 4 * d + (place % 4)
        let distance = 0
        for (let column = 0; column < d; column += 1) {
          const difference = float64[columns + 4 * column]! - float64[point + column]!
          distance += difference * difference
        }
        const other = float64[(quadWeights >>> 3) + place]!
        const square = distance * ((2 * weight * other) / (weight + other))
        const name = int32[(names >>> 2) + place]!
        if (name === slot || !(square < Infinity) || square > least) continue
        if (square === least && !isBefore(slot, name, found)) continue
        least = square
        found = name
      }
    }
    const leastSquare = (node: number): number => {
      const sums = [0, 0]
      for (let column = 0, box = node * width; column < width; column += 1, box += 1) {
        const value = float64[point + column]!
        const below = float64[(lower >>> 3) + box]! - value
        const outside = Math.max(0, below, value - float64[(upper >>> 3) + box]!)
        sums[column % 2]! += outside * outside
      }
      const lightestThere = float64[(lightest >>> 3) + node]!
      return (sums[0]! + sums[1]!) * ((2 * weight * lightestThere) / (weight + lightestThere)) * (1 - roundingShare)
    }
    const visit = (node: number, square: number): void => {
      if (square > least) return
      if (node >= firstLeaf) {
        const range = (ranges >>> 2) + node - firstLeaf
        compareQuads(int32[range]!, int32[range + 1]!)
        return
      }
      const [left, right] = [leastSquare(2 * node + 1), leastSquare(2 * node + 2)]
      const near = left <= right ? 1 : 2
      visit(2 * node + near, Math.min(left, right))
      visit(2 * node + 3 - near, Math.max(left, right))
    }

    compareQuads(freshFrom, freshTo)
    visit(0, 0)
    int32[(nearest >>> 2) + slot] = found
    float64[(squares >>> 3) + slot] = least
  }
}

function isBefore(slot: number, one: number, other: number): boolean {
  const [first, second] = [hashOfPair(slot, one), hashOfPair(slot, other)]
  return first === second ? one < other : first < second
}

function hashOfPair(one: number, other: number): number {
  const [low, high] = [Math.min(one, other), Math.max(one, other)]
  let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}
