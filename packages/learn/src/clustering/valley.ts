import type { Matrix, Random } from '@rapport/numerics'
import { clusterMeans, clusterSizes } from './cluster-labels.ts'
import { fitUnimodal, type UnimodalMargin, unimodalQuantile } from './unimodal-margin.ts'

/**
 * The share of clusters that a valley parts from their nearest neighbour.
 *
 * Cutting one dense place in two gives groups that are compact and come back every time, yet nothing parts them: seen
 * along the line between the two centroids, the rows of both have one peak. So each cluster and its nearest neighbour
 * are projected on that line, and the one-peaked distribution nearest to them is tested by parametric bootstrap.
 *
 * @returns 0 … 1; in unclustered data about `level` of the clusters pass by chance
 *
 * Source of the idea: Kalogeratos & Likas, "Dip-means", NIPS 2012, which tests distances where this tests the line.
 */
export function shareBehindValleys(
  data: Matrix,
  labels: Int32Array,
  clusters: number,
  level: number,
  random: Random,
): number {
  const sizes = clusterSizes(labels, clusters)
  const means = clusterMeans(data, labels, sizes)
  let behind = 0
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const other = nearestTo(cluster, means, clusters)
    // The same pair gets the same draws, whichever of the two asks.
    const draws = random.fork(Math.min(cluster, other) * clusters + Math.max(cluster, other))
    const line = blurred(projected(data, labels, means, cluster, other), draws)
    if (onePeakP(line, draws, Math.ceil(2 / level) - 1) <= level) behind += 1
  }
  return behind / clusters
}

/**
 * The chance that a sample of a one-peaked distribution lies as far from one peak as this one.
 *
 * The distance is the largest gap between the sample's distribution and its unimodal fit; samples of that fit, fitted
 * anew, say how large it is by chance.
 */
export function onePeakP(sample: Float64Array, random: Random, draws: number): number {
  const fit = fitUnimodal(sample)
  const seen = distanceFrom(sample, fit)
  let asFar = 1
  for (let draw = 0; draw < draws; draw += 1) {
    const drawn = sample.map(() => unimodalQuantile(fit, random.uniform()))
    if (distanceFrom(drawn, fitUnimodal(drawn)) >= seen) asFar += 1
  }
  return asFar / (draws + 1)
}

/** The largest gap between a sample's distribution function and its fit's. */
function distanceFrom(sample: Float64Array, { values, cumulative }: UnimodalMargin): number {
  const sorted = sample.slice().sort()
  let largest = 0
  let below = 0
  values.forEach((value, at) => {
    while (below < sorted.length && sorted[below]! <= value) below += 1
    largest = Math.max(largest, Math.abs(below / sorted.length - cumulative[at]!))
  })
  return largest
}

function nearestTo(cluster: number, means: Float64Array, clusters: number): number {
  const columns = means.length / clusters
  let nearest = -1
  let least = Infinity
  for (let other = 0; other < clusters; other += 1) {
    if (other === cluster) continue
    let square = 0
    for (let column = 0; column < columns; column += 1) {
      square += (means[cluster * columns + column]! - means[other * columns + column]!) ** 2
    }
    if (square < least) {
      least = square
      nearest = other
    }
  }
  return nearest
}

/** Noise of a fifth of the standard deviation hides the grid of counts and ratings, and no gap worth the name. */
const blur = 0.2

function blurred(line: Float64Array, random: Random): Float64Array {
  const mean = line.reduce((sum, value) => sum + value, 0) / line.length
  const deviation = Math.sqrt(line.reduce((sum, value) => sum + (value - mean) ** 2, 0) / line.length)
  return line.map((value) => value + blur * deviation * random.normal())
}

/** The rows of two clusters along the line between their means. */
function projected(data: Matrix, labels: Int32Array, means: Float64Array, a: number, b: number): Float64Array {
  const { columns, values } = data
  const [first, second] = a < b ? [a, b] : [b, a]
  const line: number[] = []
  labels.forEach((label, row) => {
    if (label !== a && label !== b) return
    let along = 0
    for (let column = 0; column < columns; column += 1) {
      along += values[row * columns + column]! * (means[second * columns + column]! - means[first * columns + column]!)
    }
    line.push(along)
  })
  return Float64Array.from(line)
}
