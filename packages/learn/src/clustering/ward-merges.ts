import type { Kernels, Matrix, Work } from '@rapport/numerics'
import type { Merges } from './merge-chain.ts'
import { WardClusters } from './ward-clusters.ts'
import { WorkPace } from './work-pace.ts'

/**
 * Merges n clusters into one under Ward's linkage, in rounds: each cluster has its nearest one, and all pairs that are each
 * other's nearest are merged at once. Only clusters that are new, or whose nearest is gone, search again: distances never
 * fall by merging others.
 *
 * These are the merges that always merging the closest pair would make.
 *
 * @throws RapportError `work.aborted`
 *
 * Cost: some 3n searches in a tree of boxes, spread over the workers; O(n · d) memory.
 * Source: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", Computer Journal 26(4), 1983 (the
 * reducibility that allows it); Sumengen et al., "Scaling hierarchical agglomerative clustering to billion-sized datasets",
 * arXiv 2105.11653, 2021 (the rounds).
 */
export async function mergeByWard(
  kernels: Kernels,
  data: Matrix,
  weights: Float64Array | undefined,
  work: Work | undefined,
): Promise<Merges> {
  const merges = data.rows - 1
  const pairs = new Int32Array(2 * merges)
  const lengths = new Float64Array(merges)
  if (merges === 0) return { pairs, lengths }
  const clusters = new WardClusters(kernels, data, weights)
  const pace = new WorkPace(work)
  for (let done = 0; done < merges; ) {
    await clusters.search()
    const closest = clusters.closestPairs()
    closest.forEach(({ gone, kept, square }) => {
      pairs[2 * done] = gone
      pairs[2 * done + 1] = kept
      lengths[done] = Math.sqrt(square)
      done += 1
    })
    clusters.merge(closest)
    if (pace.isDue(clusters.size)) await pace.turn('merging clusters', done, merges)
  }
  return { pairs, lengths }
}
