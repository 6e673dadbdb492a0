import { ascendingOrder } from '../metrics/order.ts'

/** A column's values with weight above 0, rising, and their weights: what edges are made from. */
export interface WeighedColumn {
  readonly values: Float64Array
  readonly weights: Float64Array
}

/** Leaves out what is missing or weighs nothing, and sorts the rest. */
export function weighColumn(values: Float64Array, weights: Float64Array): WeighedColumn {
  const present = (_: number, row: number): boolean => !Number.isNaN(values[row]!) && weights[row]! > 0
  const own = values.filter(present)
  const ownWeights = weights.filter(present)
  const order = ascendingOrder(own)
  return {
    values: own.map((_, place) => own[order[place]!]!),
    weights: ownWeights.map((_, place) => ownWeights[order[place]!]!),
  }
}

/** Edges between bins of one width. */
export function uniformEdges({ values }: WeighedColumn, bins: number): Float64Array {
  const step = (values.at(-1)! - values[0]!) / bins
  return Float64Array.from({ length: bins - 1 }, (_, at) => values[0]! + (at + 1) * step)
}

/** Share of all weight below which a difference is rounding. */
const weightShareMin = 1e-12

/**
 * Edges between bins of one weight: the averaged inverse of the distribution function, type 2 of Hyndman & Fan, "Sample
 * quantiles in statistical packages", American Statistician 50(4), 1996.
 */
export function quantileEdges({ values, weights }: WeighedColumn, bins: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let at = 0
  let below = weights[0]!
  return Float64Array.from({ length: bins - 1 }, (_, edge) => {
    const wanted = (total * (edge + 1)) / bins
    while (at < values.length - 1 && below < wanted - weightShareMin * total) {
      at += 1
      below += weights[at]!
    }
    const isBetween = Math.abs(below - wanted) <= weightShareMin * total
    return isBetween ? middle(values[at]!, values[Math.min(at + 1, values.length - 1)]!) : values[at]!
  })
}

/** Rounds after which Lloyd's algorithm on a line ends in any case, as scikit-learn. */
const roundsMax = 300

/**
 * Edges half-way between the centres of a k-means clustering of the values, begun from bins of one width.
 *
 * Clusters on a line are stretches of the sorted values, so a round costs k searches instead of n · k distances.
 *
 * @param bins at most the number of different values
 */
export function kMeansEdges({ values, weights }: WeighedColumn, bins: number): Float64Array {
  const n = values.length
  // From a middle value, so that values far from 0 keep their digits in the running sums.
  const origin = values[n >> 1]!
  const sums = new Float64Array(n + 1)
  const masses = new Float64Array(n + 1)
  for (let at = 0; at < n; at += 1) {
    sums[at + 1] = sums[at]! + weights[at]! * (values[at]! - origin)
    masses[at + 1] = masses[at]! + weights[at]!
  }
  const step = (values.at(-1)! - values[0]!) / bins
  let centres = Float64Array.from({ length: bins }, (_, at) => values[0]! + (at + 0.5) * step)
  for (let round = 0; round < roundsMax; round += 1) {
    const ends = Int32Array.from({ length: bins }, (_, cluster) =>
      cluster === bins - 1 ? n : countBelow(values, middle(centres[cluster]!, centres[cluster + 1]!), true),
    )
    const moved = centres.map((_, cluster) => {
      const from = cluster === 0 ? 0 : ends[cluster - 1]!
      const mass = masses[ends[cluster]!]! - masses[from]!
      return mass > 0 ? origin + (sums[ends[cluster]!]! - sums[from]!) / mass : Number.NaN
    })
    fillEmpty(moved, centres, ends, { values, weights })
    moved.sort()
    const isSettled = moved.every((centre, at) => centre === centres[at])
    centres = moved
    if (isSettled) break
  }
  return Float64Array.from({ length: bins - 1 }, (_, at) => middle(centres[at]!, centres[at + 1]!))
}

/** An empty cluster takes the value farthest from its centre, which that value's own cluster gives up, as scikit-learn. */
function fillEmpty(moved: Float64Array, centres: Float64Array, ends: Int32Array, column: WeighedColumn): void {
  const empty = Array.from(moved.keys()).filter((cluster) => Number.isNaN(moved[cluster]!))
  if (empty.length === 0) return
  const { values, weights } = column
  const clusterOf = new Int32Array(values.length)
  for (let at = 0, cluster = 0; at < values.length; at += 1) {
    while (at >= ends[cluster]!) cluster += 1
    clusterOf[at] = cluster
  }
  const distance = (at: number): number => Math.abs(values[at]! - centres[clusterOf[at]!]!)
  const farthest = Array.from(values.keys()).sort((left, right) => distance(right) - distance(left) || left - right)
  const mass = new Float64Array(moved.length)
  clusterOf.forEach((cluster, at) => {
    mass[cluster]! += weights[at]!
  })
  for (const [place, cluster] of empty.entries()) {
    const at = farthest[place]!
    const owner = clusterOf[at]!
    moved[cluster] = values[at]!
    const left = mass[owner]! - weights[at]!
    if (left > 0) moved[owner] = moved[owner]! + (weights[at]! * (moved[owner]! - values[at]!)) / left
    mass[owner] = left
  }
}

const middle = (low: number, high: number): number => (low + high) / 2

/** How many of the rising values are below `bound`, or at it where `inclusive`. */
export function countBelow(ascending: Float64Array, bound: number, inclusive: boolean): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const half = (low + high) >> 1
    const value = ascending[half]!
    if (value < bound || (inclusive && value === bound)) low = half + 1
    else high = half
  }
  return low
}
