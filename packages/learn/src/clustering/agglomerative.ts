import { checkFinite, type Matrix, RapportError, type Work, withKernels } from '@rapport/numerics'
import { CondensedClusters, pairDistances } from './condensed-clusters.ts'
import { type Dendrogram, type Linkage, toDendrogram } from './dendrogram.ts'
import { type Merges, mergeByChains } from './merge-chain.ts'
import { checkRowWeights } from './row-weights.ts'
import { spanningTree } from './spanning-tree.ts'
import { toUnitScale } from './unit-scale.ts'
import { mergeByWard } from './ward-merges.ts'

export interface AgglomerativeOptions {
  /**
   * Which two clusters are nearest: those whose merging adds least to the squares within clusters (`ward`), or those
   * whose rows lie nearest in the mean (`average`), at worst (`complete`) or at best (`single`). Default `ward`.
   */
  readonly linkage?: Linkage
  /** `[n]` how many rows each row stands for, each > 0; nothing to `complete` and `single`. Default: one. */
  readonly weights?: Float64Array
  /** Threads for `ward`, 0 … 64; never changes the result. Default: one per core, at most 8. */
  readonly workers?: number
}

/** Rows that average and complete linkage take: all their distances fill 1 GiB. */
const condensedRowsMax = 16_384

/**
 * Merges rows, and what came of them, two by two until one cluster is left; `cutIntoClusters` or `cutAtHeight` gives
 * clusters of the tree.
 *
 * Columns count by their scale: standardise them first. Heights are scipy's: for `ward` the distance of centroids times
 * √(2ab / (a + b)) for clusters of a and b rows.
 *
 * @param data `[n × d]`, finite
 * @throws RapportError `agglomerative.data`, `agglomerative.missing`, `agglomerative.linkage`, `agglomerative.weights`,
 * `agglomerative.rows` (too many for `average` or `complete`), `work.aborted`
 *
 * Cost: `ward` at most O(n² · d), much less for few columns, about 60 · n · d bytes; `single` about O(n · log² n) for few
 * columns, O(n · d) memory; `average` and `complete` O(n² · d), 4 · n² bytes.
 * Source: Ward, "Hierarchical grouping to optimize an objective function", JASA 58, 1963; Lance & Williams, "A general
 * theory of classificatory sorting strategies", Computer Journal 9(4), 1967; single linkage from the least spanning
 * tree: Gower & Ross, Applied Statistics 18(1), 1969.
 *
 * @example
 * const tree = await fitAgglomerative(matrixFromRows([[0], [1], [9], [10], [11]]))
 * cutIntoClusters(tree, 2) // Int32Array [1, 1, 0, 0, 0]
 */
export async function fitAgglomerative(
  data: Matrix,
  options: AgglomerativeOptions = {},
  work?: Work,
): Promise<Dendrogram> {
  checkFinite('agglomerative', data)
  const { weights } = options
  checkRowWeights('agglomerative', weights, data.rows)
  const scaled = toUnitScale(data)
  const { pairs, lengths } = await mergesBy(scaled.data, options, work)
  return toDendrogram(
    options.linkage ?? 'ward',
    pairs,
    lengths.map((length) => length * scaled.unit),
  )
}

async function mergesBy(
  data: Matrix,
  { linkage = 'ward', weights, workers }: AgglomerativeOptions,
  work: Work | undefined,
): Promise<Merges> {
  switch (linkage) {
    case 'ward':
      return withKernels(workers === undefined ? {} : { workers }, work, (kernels) =>
        mergeByWard(kernels, data, weights, work),
      )
    case 'single':
      return spanningTree(data, undefined, work)
    case 'average':
    case 'complete':
      if (data.rows > condensedRowsMax) {
        throw new RapportError(
          'agglomerative.rows',
          `${linkage} linkage keeps the distances of all pairs: rows must be at most ${condensedRowsMax}, got ${data.rows} (ward and single take more)`,
        )
      }
      return mergeByChains(
        new CondensedClusters(await pairDistances(data, work), data.rows, linkage === 'average', weights),
        data.rows,
        work,
      )
    default:
      throw new RapportError(
        'agglomerative.linkage',
        `linkage must be ward, average, complete or single, got ${String(linkage)}`,
      )
  }
}
