import type { Dendrogram } from './dendrogram.ts'

/**
 * A single-linkage tree in which only groups of enough rows count as clusters, seen as the density (one over the height)
 * grows: rows fall out of a cluster one after the other until it parts into two or more, or vanishes.
 */
export interface CondensedTree {
  /** `[clusters]` the cluster that each came from; −1 for the first, which holds all rows. Parents come before children. */
  readonly parents: readonly number[]
  /** `[clusters]` density at which each parted from its parent. */
  readonly births: readonly number[]
  /** `[clusters]` density at which the last rows left each, or it parted. */
  readonly deaths: readonly number[]
  /** `[clusters]` density gained since the birth, summed over the rows for as long as they were in. */
  readonly stabilities: readonly number[]
  /** `[n]` the cluster that each row was in last. */
  readonly clusterOf: Int32Array
  /** `[n]` density at which it left that. */
  readonly leftAt: Float64Array
}

/**
 * Condenses a tree.
 *
 * Merges of the same height are taken as one of many parts: which of them come first is chance, and here it changes
 * nothing. Height 0 counts as the smallest height above it, so that equal rows have no infinite density.
 *
 * @param sizeMin rows of a cluster at least, ≥ 2
 *
 * Cost: O(n).
 * Source: Campello, Moulavi, Zimek & Sander, "Hierarchical density estimates for data clustering, visualization, and
 * outlier detection", ACM TKDD 10(1), 2015.
 */
export function condenseTree(dendrogram: Dendrogram, sizeMin: number): CondensedTree {
  const { rows, heights } = dendrogram
  const heightMin = heights.find((height) => height > 0) ?? 1
  const parents = [-1]
  const births = [0]
  const deaths = [0]
  const stabilities = [0]
  const clusterOf = new Int32Array(rows)
  const leftAt = new Float64Array(rows)
  const leave = (cluster: number, density: number, leaving: number): void => {
    deaths[cluster] = density
    stabilities[cluster]! += (density - births[cluster]!) * leaving
  }
  const open = [{ node: 2 * rows - 2, cluster: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, cluster } = next
    const density = 1 / Math.max(heights[node - rows]!, heightMin)
    const parts = partsOf(dendrogram, node)
    const large = parts.filter((part) => sizeOf(dendrogram, part) >= sizeMin)
    for (const part of parts) {
      const size = sizeOf(dendrogram, part)
      if (size < sizeMin) {
        leave(cluster, density, size)
        for (const row of rowsUnder(dendrogram, part)) {
          clusterOf[row] = cluster
          leftAt[row] = density
        }
      } else if (large.length === 1) open.push({ node: part, cluster })
      else {
        leave(cluster, density, size)
        open.push({ node: part, cluster: parents.length })
        parents.push(cluster)
        births.push(density)
        deaths.push(density)
        stabilities.push(0)
      }
    }
  }
  return { parents, births, deaths, stabilities, clusterOf, leftAt }
}

const sizeOf = ({ rows, sizes }: Dendrogram, node: number): number => (node < rows ? 1 : sizes[node - rows]!)

/** What a merge joined, with merges of the same height taken apart as well. */
function partsOf({ rows, nodes, heights }: Dendrogram, merge: number): number[] {
  const parts: number[] = []
  const open = [merge]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node >= rows && heights[node - rows] === heights[merge - rows]) {
      open.push(nodes[2 * (node - rows) + 1]!, nodes[2 * (node - rows)]!)
    } else parts.push(node)
  }
  return parts
}

function* rowsUnder({ rows, nodes }: Dendrogram, top: number): Generator<number> {
  const open = [top]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node < rows) yield node
    else open.push(nodes[2 * (node - rows) + 1]!, nodes[2 * (node - rows)]!)
  }
}

/**
 * The clusters that together gained most density for their rows, none within another; the first, which holds all rows,
 * is left out.
 *
 * @returns `[clusters]` 1 for those chosen
 *
 * Source: Campello, Moulavi & Sander, "Density-based clustering based on hierarchical density estimates", PAKDD 2013.
 */
export function mostStable({ parents, stabilities }: CondensedTree): Uint8Array {
  const gained = stabilities.slice()
  const ofChildren = new Float64Array(parents.length)
  const isChosen = new Uint8Array(parents.length)
  for (let cluster = parents.length - 1; cluster > 0; cluster -= 1) {
    if (ofChildren[cluster]! > gained[cluster]!) gained[cluster] = ofChildren[cluster]!
    else isChosen[cluster] = 1
    ofChildren[parents[cluster]!]! += gained[cluster]!
  }
  const isWithin = new Uint8Array(parents.length)
  for (let cluster = 1; cluster < parents.length; cluster += 1) {
    const parent = parents[cluster]!
    isWithin[cluster] = isWithin[parent] || isChosen[parent] ? 1 : 0
    if (isWithin[cluster]) isChosen[cluster] = 0
  }
  return isChosen
}

/** The clusters that never part; none when the first does not. */
export function leaves({ parents }: CondensedTree): Uint8Array {
  const isLeaf = new Uint8Array(parents.length).fill(1)
  isLeaf[0] = 0
  for (const parent of parents) if (parent >= 0) isLeaf[parent] = 0
  return isLeaf
}
