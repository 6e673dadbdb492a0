import { checkFinite, type Matrix, RapportError } from '@rapport/numerics'

/**
 * Checks that labels fit the data, and counts the clusters.
 *
 * @throws RapportError `<method>.data`, `<method>.missing`, `<method>.labels`
 */
export function checkLabels(method: string, data: Matrix, labels: Int32Array): number {
  checkFinite(method, data)
  if (labels.length !== data.rows) {
    throw new RapportError(`${method}.labels`, `labels must have ${data.rows} values (rows), got ${labels.length}`)
  }
  const clusters = countClusters(method, labels)
  if (clusters < 2 || clusters >= data.rows) {
    throw new RapportError(
      `${method}.labels`,
      `labels must name at least 2 clusters and fewer than ${data.rows} (rows), got ${clusters}`,
    )
  }
  const unused = clusterSizes(labels, clusters).indexOf(0)
  if (unused >= 0) {
    throw new RapportError(
      `${method}.labels`,
      `every cluster up to ${clusters - 1} must have a row, ${unused} has none`,
    )
  }
  return clusters
}

function countClusters(method: string, labels: Int32Array): number {
  let largest = -1
  for (const label of labels) {
    if (label < 0) throw new RapportError(`${method}.labels`, `labels must be at least 0, got ${label}`)
    if (label > largest) largest = label
  }
  return largest + 1
}

/** `[clusters]` rows in each cluster. */
export function clusterSizes(labels: Int32Array, clusters: number): Int32Array {
  const sizes = new Int32Array(clusters)
  for (const label of labels) sizes[label]! += 1
  return sizes
}

/** `[clusters × d]` mean of each cluster's rows. */
export function clusterMeans({ columns, values }: Matrix, labels: Int32Array, sizes: Int32Array): Float64Array {
  const means = new Float64Array(sizes.length * columns)
  for (let row = 0, at = 0; row < labels.length; row += 1) {
    const to = labels[row]! * columns
    for (let column = 0; column < columns; column += 1, at += 1) means[to + column]! += values[at]!
  }
  return means.map((sum, at) => sum / sizes[Math.floor(at / columns)]!)
}
