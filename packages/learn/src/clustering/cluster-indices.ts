import type { Matrix } from '@rapport/numerics'
import { checkLabels, clusterMeans, clusterSizes } from './cluster-labels.ts'

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
  const clusters = checkLabels('davies-bouldin', data, labels)
  const sizes = clusterSizes(labels, clusters)
  const means = clusterMeans(data, labels, sizes)
  const { columns } = data
  const spreads = new Float64Array(clusters)
  for (let row = 0; row < data.rows; row += 1) {
    const label = labels[row]!
    spreads[label]! += Math.sqrt(squaredGap(data.values, row, means, label, columns)) / sizes[label]!
  }
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
  const clusters = checkLabels('calinski-harabasz', data, labels)
  const sizes = clusterSizes(labels, clusters)
  const means = clusterMeans(data, labels, sizes)
  const { rows, columns } = data
  const centre = clusterMeans(data, new Int32Array(rows), Int32Array.of(rows))
  let within = 0
  for (let row = 0; row < rows; row += 1) within += squaredGap(data.values, row, means, labels[row]!, columns)
  if (within === 0) return 1
  let between = 0
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    between += sizes[cluster]! * squaredGap(means, cluster, centre, 0, columns)
  }
  return between / (clusters - 1) / (within / (rows - clusters))
}

type Rows = Float64Array | Float32Array

function squaredGap(a: Rows, rowOfA: number, b: Rows, rowOfB: number, columns: number): number {
  let square = 0
  for (let column = 0; column < columns; column += 1) {
    square += (a[rowOfA * columns + column]! - b[rowOfB * columns + column]!) ** 2
  }
  return square
}
