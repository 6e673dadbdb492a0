import type { Work } from '@rapport/numerics'
import { WorkPace } from './work-pace.ts'

/** Clusters that are being merged, each in the slot of one of its rows. */
export interface MergingClusters {
  /**
   * The cluster nearest to that in `slot`; `before` (−1: none) wins against equally near ones, which is what ends a chain
   * where distances are tied.
   */
  nearest(slot: number, before: number): number
  /** Distance of what `nearest` found last. */
  readonly distance: number
  /** Clusters that `nearest` looked at last. */
  readonly steps: number
  /** Merges two clusters; the union lies in `kept`, and `gone` is empty from then on. */
  merge(gone: number, kept: number): void
}

/** The merges in the order in which they were found, which need not be that of their distances. */
export interface Merges {
  /** `[2 (n − 1)]` the slots, each a row of its cluster. */
  readonly pairs: Int32Array
  /** `[n − 1]` */
  readonly lengths: Float64Array
}

/**
 * Merges n clusters into one by chains of nearest neighbours: from any cluster to its nearest, on to that one's nearest,
 * until two are each other's nearest; these are merged, and the chain goes on from what is left of it.
 *
 * For linkages whose distances never fall by merging others this finds the merges that always merging the closest pair
 * would, in at most 3n searches instead of n².
 *
 * @throws RapportError `work.aborted`
 *
 * Source: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Computer Journal 26(4), 1983.
 */
export async function mergeByChains(clusters: MergingClusters, rows: number, work: Work | undefined): Promise<Merges> {
  const pairs = new Int32Array(2 * (rows - 1))
  const lengths = new Float64Array(rows - 1)
  const isGone = new Uint8Array(rows)
  const chain = new Int32Array(rows)
  const placeInChain = new Int32Array(rows).fill(-1)
  const pace = new WorkPace(work)
  let length = 0
  let next = 0
  const append = (slot: number): void => {
    placeInChain[slot] = length
    chain[length] = slot
    length += 1
  }
  for (let merge = 0; merge < rows - 1; merge += 1) {
    while (isGone[next]) next += 1
    if (length === 0) append(next)
    let last = chain[length - 1]!
    let nearest = clusters.nearest(last, length > 1 ? chain[length - 2]! : -1)
    // The one before last, as a rule; an earlier one only where rounding parts distances that are tied.
    while (placeInChain[nearest]! < 0) {
      if (pace.isDue(clusters.steps)) await pace.turn('merging clusters', merge, rows - 1)
      append(nearest)
      last = nearest
      nearest = clusters.nearest(last, chain[length - 2]!)
    }
    const start = placeInChain[nearest]!
    while (length > start) {
      length -= 1
      placeInChain[chain[length]!] = -1
    }
    const gone = Math.min(last, nearest)
    const kept = Math.max(last, nearest)
    pairs[2 * merge] = gone
    pairs[2 * merge + 1] = kept
    lengths[merge] = clusters.distance
    isGone[gone] = 1
    clusters.merge(gone, kept)
  }
  return { pairs, lengths }
}
