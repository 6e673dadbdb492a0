/**
 * The same grouping with its clusters numbered by size, the largest first; of equal ones that with the earlier row.
 *
 * @param labels `[n]` 0 … clusters − 1; −1, which stands for no cluster, stays
 */
export function labelsBySize(labels: Int32Array, clusters: number): Int32Array {
  const sizes = new Int32Array(clusters)
  const firstRows = new Int32Array(clusters).fill(labels.length)
  labels.forEach((label, row) => {
    if (label < 0) return
    sizes[label]! += 1
    firstRows[label] = Math.min(firstRows[label]!, row)
  })
  const order = Int32Array.from(sizes.keys()).sort((a, b) => sizes[b]! - sizes[a]! || firstRows[a]! - firstRows[b]!)
  const placeOf = new Int32Array(clusters)
  order.forEach((cluster, place) => {
    placeOf[cluster] = place
  })
  return labels.map((label) => (label < 0 ? -1 : placeOf[label]!))
}
