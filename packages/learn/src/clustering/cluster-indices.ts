import { checkFinite, type Matrix } from '@rapport/numerics'
import { checkClusters, clusterSums } from './cluster-labels.ts'

/**
 * The Davies-Bouldin index: for each cluster the worst ratio of spread to separation with another, averaged. Lower is
 * better, 0 is best; Infinity when two different clusters share a mean but not all their rows.
 *
 * @param data `[n × d]`, finite
 * @param labels `[n]` clusters 0 … k − 1, every one in use, 2 ≤ k < n
 * @throws RapportError `davies-bouldin.labels`, `davies-bouldin.missing`
 *
 * Cost: O(n · d + k² · d).
 * Source: Davies & Bouldin, "A cluster separation measure", IEEE PAMI 1(2), 1979, with p = 1 and q = 2.
 *
 * @example
 * daviesBouldin(matrixFromRows([[0], [2], [10], [12]]), Int32Array.of(0, 0, 1, 1)) // 0.2
 */
export function daviesBouldin(data: Matrix, labels: Int32Array): number {
  const { sizes, means } = summarised('davies-bouldin', data, labels)
  const { columns } = data
  const clusters = sizes.length
  const spreads = sumsOfGaps(data, labels, means, Math.sqrt).map((sum, cluster) => sum / sizes[cluster]!)
  let total = 0
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    let worst = 0
    for (let other = 0; other < clusters; other += 1) {
      if (other === cluster) continue
      const spread = spreads[cluster]! + spreads[other]!
      // Two clusters of equal rows at one place have neither spread nor gap: nothing is wrong with their shape.
      const ratio = spread === 0 ? 0 : spread / Math.sqrt(squaredGap(means, cluster, means, other, columns))
      worst = Math.max(worst, ratio)
    }
    total += worst
  }
  return total / clusters
}

/**
 * The Calinski-Harabasz index: variance between clusters over variance within, each per degree of freedom. Higher is
 * better; 1 when no cluster has any variance, as scikit-learn has it.
 *
 * @param data `[n × d]`, finite
 * @param labels `[n]` clusters 0 … k − 1, every one in use, 2 ≤ k < n
 * @throws RapportError `calinski-harabasz.labels`, `calinski-harabasz.missing`
 *
 * Cost: O(n · d).
 * Source: Caliński & Harabasz, "A dendrite method for cluster analysis", Communications in Statistics 3(1), 1974.
 *
 * @example
 * calinskiHarabasz(matrixFromRows([[0], [2], [10], [12]]), Int32Array.of(0, 0, 1, 1)) // 50
 */
export function calinskiHarabasz(data: Matrix, labels: Int32Array): number {
  const { sizes, means, centre } = summarised('calinski-harabasz', data, labels)
  const { rows, columns } = data
  const clusters = sizes.length
  const within = sumsOfGaps(data, labels, means, (square) => square).reduce((sum, gaps) => sum + gaps, 0)
  if (within === 0) return 1
  let between = 0
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    between += sizes[cluster]! * squaredGap(means, cluster, centre, 0, columns)
  }
  return between / (clusters - 1) / (within / (rows - clusters))
}

/** Rows in each cluster, the clusters' means `[clusters × d]` and the mean of all rows `[d]`. */
function summarised(
  method: string,
  data: Matrix,
  labels: Int32Array,
): { sizes: Int32Array; means: Float64Array; centre: Float64Array } {
  const { rows, columns } = data
  if (rows * columns === 0) checkFinite(method, data)
  const sizes = checkClusters(method, rows, labels)
  const sums = clusterSums(data, labels, sizes.length)
  // A value that is not finite leaves its sum not finite; to look at all again is only needed to say where it is.
  if (!sums.every(Number.isFinite)) checkFinite(method, data)
  const centre = new Float64Array(columns)
  for (let at = 0; at < sums.length; at += 1) centre[at % columns]! += sums[at]! / rows
  return { sizes, means: sums.map((sum, at) => sum / sizes[Math.floor(at / columns)]!), centre }
}

/** `[clusters]` sums over rows of what `of` makes of the squared distance to the cluster's mean. */
function sumsOfGaps(
  { rows, columns, values }: Matrix,
  labels: Int32Array,
  means: Float64Array,
  of: (square: number) => number,
): Float64Array {
  const sums = new Float64Array(means.length / columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    const label = labels[row]!
    let square = 0
    for (let mean = label * columns, end = at + columns; at < end; at += 1, mean += 1) {
      const gap = values[at]! - means[mean]!
      square += gap * gap
    }
    sums[label]! += of(square)
  }
  return sums
}

function squaredGap(a: Float64Array, rowOfA: number, b: Float64Array, rowOfB: number, columns: number): number {
  let square = 0
  for (let column = 0; column < columns; column += 1) {
    square += (a[rowOfA * columns + column]! - b[rowOfB * columns + column]!) ** 2
  }
  return square
}
