import { checkFinite, type Matrix, RapportError, type Work } from '@rapport/numerics'
import { type CondensedTree, condenseTree, leaves, mostStable } from './condensed-tree.ts'
import { toDendrogram } from './dendrogram.ts'
import { labelsBySize } from './labels-by-size.ts'
import { neighbourSquares } from './neighbour-distances.ts'
import { spanningTree } from './spanning-tree.ts'
import { toUnitScale } from './unit-scale.ts'
import { WorkPace } from './work-pace.ts'

export interface HdbscanOptions {
  /** Rows that make a cluster, at least 2. Default 5. */
  readonly sizeMin?: number
  /** Rows, itself counted, whose reach is taken for the sparseness around a row, 1 … n. Default `sizeMin`. */
  readonly neighboursMin?: number
  /**
   * Which clusters of the tree: those that persist over most densities (`most-stable`), or the finest (`leaves`). Default
   * `most-stable`.
   */
  readonly selection?: 'most-stable' | 'leaves'
}

/** What `fitHdbscan` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface HdbscanModel {
  readonly kind: 'hdbscan'
  /** Number of clusters; 0 when no place ever parts into two, never 1. */
  readonly clusters: number
  /** `[n]` each row's cluster, 0 … clusters − 1, the largest first; −1 for rows in none. */
  readonly labels: Int32Array
  /** `[n]` how firmly each row is in its cluster: 1 at its core, 0 for rows in none. */
  readonly strengths: Float64Array
  /** `[clusters]` density gained by the cluster's rows since it parted, in rows per data unit: higher is more distinct. */
  readonly stabilities: Float64Array
  /** `[clusters]` distance at which each parted from what was around it, in data units. */
  readonly reaches: Float64Array
  /** `[n]` distance within which each row has `neighboursMin` rows, itself counted. */
  readonly coreDistances: Float64Array
  readonly neighboursMin: number
}

/**
 * Finds clusters of any shape and of unlike densities, and rows that belong to none: DBSCAN at all radii at once, keeping
 * the clusters that persist longest.
 *
 * @param data `[n × d]`, finite, at least two rows; columns count by their scale
 * @throws RapportError `hdbscan.data`, `hdbscan.missing`, `hdbscan.options`, `work.aborted`
 *
 * Cost: about O(n · log² n) for few columns, up to O(n² · d) for many; O(n · d) memory.
 * Source: Campello, Moulavi & Sander, "Density-based clustering based on hierarchical density estimates", PAKDD 2013;
 * McInnes & Healy, "Accelerated hierarchical density based clustering", ICDMW 2017.
 *
 * @example
 * const rows = [[0], [1], [2], [40], [41], [42], [43], [90]]
 * const { labels } = await fitHdbscan(matrixFromRows(rows), { sizeMin: 3, neighboursMin: 2 })
 * labels // Int32Array [1, 1, 1, 0, 0, 0, 0, -1]
 */
export async function fitHdbscan(data: Matrix, options: HdbscanOptions = {}, work?: Work): Promise<HdbscanModel> {
  checkFinite('hdbscan', data)
  const { sizeMin, neighboursMin, selection } = checkHdbscan(options, data)
  const scaled = toUnitScale(data)
  const cores = await neighbourSquares(scaled.data, neighboursMin, new WorkPace(work))
  const { pairs, lengths } = await spanningTree(scaled.data, cores, work)
  const tree = condenseTree(toDendrogram('single', pairs, lengths), sizeMin)
  return {
    ...toModel(tree, selection === 'leaves' ? leaves(tree) : mostStable(tree), scaled.unit),
    coreDistances: cores.map((square) => Math.sqrt(square) * scaled.unit),
    neighboursMin,
  }
}

function toModel(
  tree: CondensedTree,
  isChosen: Uint8Array,
  unit: number,
): Omit<HdbscanModel, 'coreDistances' | 'neighboursMin'> {
  // The chosen cluster that each one is or lies in; parents come first.
  const chosenOf = new Int32Array(tree.parents.length).fill(-1)
  for (let cluster = 1; cluster < chosenOf.length; cluster += 1) {
    chosenOf[cluster] = isChosen[cluster] ? cluster : chosenOf[tree.parents[cluster]!]!
  }
  const own = tree.clusterOf.map((cluster) => chosenOf[cluster]!)
  const labels = labelsBySize(own, tree.parents.length)
  const strengths = tree.leftAt.map((density, row) =>
    own[row]! < 0 ? 0 : Math.min(1, density / tree.deaths[own[row]!]!),
  )
  const clusters = isChosen.reduce((sum, chosen) => sum + chosen, 0)
  const stabilities = new Float64Array(clusters)
  const reaches = new Float64Array(clusters)
  labels.forEach((label, row) => {
    if (label < 0) return
    stabilities[label] = tree.stabilities[own[row]!]! / unit
    reaches[label] = unit / tree.births[own[row]!]!
  })
  return { kind: 'hdbscan', clusters, labels, strengths, stabilities, reaches }
}

function checkHdbscan(options: HdbscanOptions, { rows }: Matrix): Required<HdbscanOptions> {
  const { sizeMin = 5, selection = 'most-stable' } = options
  const { neighboursMin = Math.min(sizeMin, rows) } = options
  if (rows < 2) throw new RapportError('hdbscan.data', `data must have at least two rows, got ${rows}`)
  if (!Number.isInteger(sizeMin) || sizeMin < 2) {
    throw new RapportError('hdbscan.options', `sizeMin must be a whole number of at least 2, got ${sizeMin}`)
  }
  if (!Number.isInteger(neighboursMin) || neighboursMin < 1 || neighboursMin > rows) {
    throw new RapportError(
      'hdbscan.options',
      `neighboursMin must be between 1 and ${rows} (rows), got ${neighboursMin}`,
    )
  }
  if (selection !== 'most-stable' && selection !== 'leaves') {
    throw new RapportError('hdbscan.options', `selection must be most-stable or leaves, got ${String(selection)}`)
  }
  return { sizeMin, neighboursMin, selection }
}
