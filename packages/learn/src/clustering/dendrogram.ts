import { RapportError } from '@rapport/numerics'
import { labelsBySize } from './labels-by-size.ts'
import { RowSets } from './row-sets.ts'

/** How distances between clusters follow from distances between rows. */
export type Linkage = 'ward' | 'average' | 'complete' | 'single'

/**
 * The tree of merges that agglomerative clustering made, lowest first; it is laid out as scipy's linkage matrix is.
 *
 * Nodes 0 … n − 1 are the rows; the merge at place m makes node n + m. Plain data: it goes through `postMessage` and
 * `persist` as it is.
 */
export interface Dendrogram {
  readonly kind: 'dendrogram'
  readonly linkage: Linkage
  readonly rows: number
  /** `[2 (n − 1)]` the two nodes of each merge, the smaller number first. */
  readonly nodes: Int32Array
  /** `[n − 1]` the distance at which each merge happened, in data units, never falling. */
  readonly heights: Float64Array
  /** `[n − 1]` rows under each merge. */
  readonly sizes: Int32Array
}

/**
 * A dendrogram from merges in any order.
 *
 * @param pairs `[2 (n − 1)]` a row of each of the two clusters that were merged
 * @param lengths `[n − 1]` their distances
 */
export function toDendrogram(linkage: Linkage, pairs: Int32Array, lengths: Float64Array): Dendrogram {
  const merges = lengths.length
  const rows = merges + 1
  // Equal distances stay in the order in which they were found: a cluster is made before it is merged.
  const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const sets = new RowSets(rows)
  const nodeOf = Int32Array.from({ length: rows }, (_, row) => row)
  const nodes = new Int32Array(2 * merges)
  const sizes = new Int32Array(merges)
  order.forEach((merge, place) => {
    const a = sets.find(pairs[2 * merge]!)
    const b = sets.find(pairs[2 * merge + 1]!)
    nodes[2 * place] = Math.min(nodeOf[a]!, nodeOf[b]!)
    nodes[2 * place + 1] = Math.max(nodeOf[a]!, nodeOf[b]!)
    const joined = sets.join(a, b)
    nodeOf[joined] = rows + place
    sizes[place] = sets.sizeOf(joined)
  })
  return { kind: 'dendrogram', linkage, rows, nodes, heights: Float64Array.from(order, (at) => lengths[at]!), sizes }
}

/**
 * Each row's cluster when the tree is cut so that `clusters` remain.
 *
 * @param clusters 1 … n
 * @returns `[n]` labels 0 … clusters − 1, the largest cluster first; of equal ones that with the earlier row
 * @throws RapportError `dendrogram.clusters`
 *
 * Cost: O(n).
 */
export function cutIntoClusters(dendrogram: Dendrogram, clusters: number): Int32Array {
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > dendrogram.rows) {
    throw new RapportError(
      'dendrogram.clusters',
      `clusters must be between 1 and ${dendrogram.rows} (rows), got ${clusters}`,
    )
  }
  return cutAfter(dendrogram, dendrogram.rows - clusters)
}

/**
 * Each row's cluster when all merges up to `height` are made and none above it.
 *
 * @param height in data units, ≥ 0
 * @returns `[n]` labels as `cutIntoClusters` gives them
 * @throws RapportError `dendrogram.height`
 *
 * Cost: O(n).
 */
export function cutAtHeight(dendrogram: Dendrogram, height: number): Int32Array {
  if (!(height >= 0)) throw new RapportError('dendrogram.height', `height must be at least 0, got ${height}`)
  const above = dendrogram.heights.findIndex((merge) => merge > height)
  return cutAfter(dendrogram, above < 0 ? dendrogram.heights.length : above)
}

/**
 * The rows in an order in which the tree can be drawn without crossing lines: under each merge its first node's rows,
 * then its second's.
 *
 * @returns `[n]`
 */
export function leafOrder({ rows, nodes }: Dendrogram): Int32Array {
  const order = new Int32Array(rows)
  const open = [2 * rows - 2]
  for (let place = 0; open.length > 0; ) {
    const node = open.pop()!
    if (node < rows) {
      order[place] = node
      place += 1
    } else open.push(nodes[2 * (node - rows) + 1]!, nodes[2 * (node - rows)]!)
  }
  return order
}

function cutAfter({ rows, nodes }: Dendrogram, merges: number): Int32Array {
  // From the top of what is kept downwards, every node takes the cluster of the node it went into.
  const clusterOf = new Int32Array(rows + merges).fill(-1)
  let clusters = 0
  for (let node = rows + merges - 1; node >= 0; node -= 1) {
    if (clusterOf[node]! < 0) {
      clusterOf[node] = clusters
      clusters += 1
    }
    if (node < rows) continue
    clusterOf[nodes[2 * (node - rows)]!] = clusterOf[node]!
    clusterOf[nodes[2 * (node - rows) + 1]!] = clusterOf[node]!
  }
  return labelsBySize(clusterOf.subarray(0, rows), clusters)
}
