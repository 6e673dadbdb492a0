import { checkFinite, type Matrix, matrix, RapportError, takeRows, type Work } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { buildKdTree, type KdTree, keepOfTree, squaredDiagonal } from './kd-tree.ts'
import { labelsBySize } from './labels-by-size.ts'
import { NearestWithin, NeighbourCount } from './neighbour-search.ts'
import { RadiusGraph } from './radius-graph.ts'
import { toUnitScale } from './unit-scale.ts'
import { WorkPace } from './work-pace.ts'

export interface DbscanOptions {
  /** Rows no farther than this from each other are neighbours, in data units, > 0. */
  readonly radius: number
  /** Weight of neighbours, itself counted, that makes a row a core of its cluster, > 0. Default 5. */
  readonly neighboursMin?: number
  /**
   * `[n]` how much each row counts, each ≥ 0. One of 0 makes no core of its neighbours, and gets a label all the same, as
   * in scikit-learn. Default: every row once.
   */
  readonly weights?: Float64Array
}

/** What `fitDbscan` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface DbscanModel {
  readonly kind: 'dbscan'
  readonly radius: number
  /** Number of clusters, 0 when no place is dense enough. */
  readonly clusters: number
  /** `[n]` each training row's cluster, 0 … clusters − 1, the largest first; −1 for rows in none. */
  readonly labels: Int32Array
  /** `[cores]` the training rows that are cores, ascending. */
  readonly coreRows: Int32Array
  /** `[cores × d]` their values, to which new rows are compared. */
  readonly cores: Matrix
}

/**
 * Finds clusters of any shape as places where rows lie densely, and rows that belong to none.
 *
 * A row with enough neighbours is a core; cores that are neighbours share a cluster, and a row with a core among its
 * neighbours goes to the nearest one's. The original gives such a row to whichever cluster comes first; with the
 * nearest (of equally near ones the first), clusters hardly depend on the order of the rows. All else is as in scikit-learn.
 *
 * @param data `[n × d]`, finite; columns count by their scale
 * @throws RapportError `dbscan.data`, `dbscan.missing`, `dbscan.options`, `dbscan.weights`, `work.aborted`
 *
 * Cost: about O(n · log n) for few columns, up to O(n² · d) for many; O(n · d) memory, neighbours are never stored.
 * Source: Ester, Kriegel, Sander & Xu, "A density-based algorithm for discovering clusters", KDD 1996.
 *
 * @example
 * const model = await fitDbscan(matrixFromRows([[0], [1], [2], [9], [20], [21], [22]]), { radius: 1, neighboursMin: 3 })
 * model.labels // Int32Array [0, 0, 0, -1, 1, 1, 1]
 */
export async function fitDbscan(data: Matrix, options: DbscanOptions, work?: Work): Promise<DbscanModel> {
  checkFinite('dbscan', data)
  checkDbscan(options, data)
  const pace = new WorkPace(work)
  const scaled = toUnitScale(data)
  const radius = options.radius / scaled.unit
  const tree = buildKdTree(scaled.data)
  const isCore = await findCores(tree, radius, options, pace)
  const coreRows = Int32Array.from(isCore.keys()).filter((row) => isCore[row] === 1)
  const labels = new Int32Array(data.rows).fill(-1)
  const taken = takeRows(data, coreRows)
  const cores = matrix(taken.rows, taken.columns, Float64Array.from(taken.values))
  if (coreRows.length === 0) return { kind: 'dbscan', radius: options.radius, clusters: 0, labels, coreRows, cores }
  const treeOfCores = keepOfTree(tree, isCore)
  const clusters = await joinCores(treeOfCores, radius, labels, pace)
  await labelByNearest(treeOfCores, labels, radius, scaled.data, labels, pace)
  return {
    kind: 'dbscan',
    radius: options.radius,
    clusters,
    labels: labelsBySize(labels, clusters),
    coreRows,
    cores,
  }
}

/**
 * The cluster of the nearest core within the radius, for rows that may be new; −1 where there is none. Training rows get
 * the labels that they have.
 *
 * @param data `[n × d]`, finite, columns as at the fit
 * @returns `[n]`
 * @throws RapportError `dbscan.columns` when the data have other columns than the model, `dbscan.missing`, `work.aborted`
 */
export async function assignDbscan(
  model: Pick<DbscanModel, 'cores' | 'coreRows' | 'labels' | 'radius'>,
  data: Matrix,
  work?: Work,
): Promise<Int32Array> {
  checkFinite('dbscan', data)
  const { cores, coreRows, labels, radius } = model
  if (data.columns !== cores.columns) {
    throw new RapportError('dbscan.columns', `data must have ${cores.columns} columns, got ${data.columns}`)
  }
  const assigned = new Int32Array(data.rows).fill(-1)
  if (cores.rows === 0) return assigned
  const scaled = toUnitScale(cores)
  const rows = { ...data, values: Float64Array.from(data.values, (value) => value / scaled.unit) }
  const ofCores = coreRows.map((row) => labels[row]!)
  await labelByNearest(buildKdTree(scaled.data), ofCores, radius / scaled.unit, rows, assigned, new WorkPace(work))
  return assigned
}

/** `[n]` 1 for rows with enough weight of neighbours. */
async function findCores(
  tree: KdTree,
  radius: number,
  { neighboursMin = 5, weights }: DbscanOptions,
  pace: WorkPace,
): Promise<Uint8Array> {
  const n = tree.rows.length
  const count = new NeighbourCount(tree, radius, neighboursMin, weights)
  const isCore = new Uint8Array(n)
  // By place and not by row: neighbours one after the other find the same boxes in the cache.
  for (let leaf = tree.firstLeaf; leaf < tree.first.length; leaf += 1) {
    // In a leaf so small that all its points are neighbours their own weight may be enough.
    const areAll = squaredDiagonal(tree, leaf) <= radius * radius && count.weightOf(leaf) >= neighboursMin
    for (let place = tree.first[leaf]!; place < tree.end[leaf]!; place += 1) {
      if (areAll || count.isEnough(tree.points, place * tree.columns)) isCore[tree.rows[place]!] = 1
      if (pace.isDue(areAll ? 1 : count.steps)) await pace.turn('finding cores', place, n)
    }
  }
  return isCore
}

/** Numbers the clusters of cores into `labels`; how many there are. */
async function joinCores(tree: KdTree, radius: number, labels: Int32Array, pace: WorkPace): Promise<number> {
  const cores = tree.rows.length
  const graph = new RadiusGraph(tree, radius)
  for (let place = 0; place < cores; place += 1) {
    graph.connect(place)
    if (pace.isDue(graph.steps)) await pace.turn('joining cores', place, cores)
  }
  const clusterOf = new Int32Array(cores).fill(-1)
  let clusters = 0
  tree.rows.forEach((row, place) => {
    const set = graph.setOf(place)
    if (clusterOf[set]! < 0) {
      clusterOf[set] = clusters
      clusters += 1
    }
    labels[row] = clusterOf[set]!
  })
  return clusters
}

/** Gives the rows that have none (−1) the label of the nearest core within the radius; `ofCores` by the tree's rows. */
async function labelByNearest(
  tree: KdTree,
  ofCores: Int32Array,
  radius: number,
  data: Matrix,
  labels: Int32Array,
  pace: WorkPace,
): Promise<void> {
  const search = new NearestWithin(tree, radius)
  for (let row = 0; row < data.rows; row += 1) {
    if (labels[row]! >= 0) continue
    const place = search.place(data.values, row * data.columns)
    if (place >= 0) labels[row] = ofCores[tree.rows[place]!]!
    if (pace.isDue(search.steps)) await pace.turn('assigning rows', row, data.rows)
  }
}

function checkDbscan({ radius, neighboursMin = 5, weights }: DbscanOptions, data: Matrix): void {
  if (!(radius > 0 && radius < Infinity)) {
    throw new RapportError('dbscan.options', `radius must be finite and above 0, got ${radius}`)
  }
  if (!(neighboursMin > 0)) {
    throw new RapportError('dbscan.options', `neighboursMin must be above 0, got ${neighboursMin}`)
  }
  checkedWeights('dbscan', data.rows, weights)
}
