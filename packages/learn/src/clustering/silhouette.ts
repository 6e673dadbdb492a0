import { type Kernels, type Matrix, RapportError, seededRandom, type Work, withKernels } from '@rapport/numerics'
import { checkLabels, clusterSizes } from './cluster-labels.ts'
import { pairDistanceSums } from './pair-distance-sums.ts'

/** How well rows lie in their clusters. */
export interface Silhouette {
  /** Mean over rows, −1 … 1. */
  readonly mean: number
  /** `[n]` each row's own value, −1 … 1; 0 for the only row of a cluster. */
  readonly values: Float64Array
}

export interface SampledSilhouetteOptions {
  /** Rows whose value is computed, against all rows; 2 … n. Default 2,000 or n if that is less. */
  readonly sampleRows?: number
  readonly workers?: number
  readonly seed: number
}

/** A silhouette estimated from some of the rows. */
export interface SampledSilhouette {
  /** Mean over the sampled rows, −1 … 1; without bias for the mean over all. */
  readonly mean: number
  /** Standard error of `mean` for the mean over all rows; 0 when all were sampled. */
  readonly standardError: number
  readonly sampleRows: number
}

/**
 * How much nearer each row is to its own cluster than to the next one: (b − a) / max(a, b), with a the mean distance to
 * the other rows of its cluster and b the least mean distance to another cluster. Near 1 well inside, 0 between two.
 *
 * Exact, in blocks: memory grows with n · (d + k), not with n².
 *
 * @param data `[n × d]`, finite
 * @param labels `[n]` clusters 0 … k − 1, every one in use, 2 ≤ k < n
 * @throws RapportError `silhouette.labels`, `work.aborted`
 *
 * Cost: n² · d / 2; for more than about 20,000 rows take `sampledSilhouette`.
 * Source: Rousseeuw, "Silhouettes: a graphical aid", J. Comput. Appl. Math. 20, 1987.
 *
 * @example
 * (await silhouette(matrixFromRows([[0], [1], [10], [11]]), Int32Array.of(0, 0, 1, 1))).mean // 0.8997493734335839
 */
export async function silhouette(
  data: Matrix,
  labels: Int32Array,
  options: { readonly workers?: number } = {},
  work?: Work,
): Promise<Silhouette> {
  const clusters = checkLabels('silhouette', data, labels)
  const values = await withKernels(options, work, async (kernels) => {
    // Each pair once needs room for all sums; with very many clusters it is better to take row after row.
    if (data.rows * clusters > pairSumsMax) {
      return silhouettesOf(kernels, data, labels, clusters, Int32Array.from(labels.keys()), work)
    }
    const sizes = clusterSizes(labels, clusters)
    const sums = await pairDistanceSums(kernels, data, labels, sizes, work)
    return Float64Array.from(labels, (label, row) =>
      fromSums(sums.subarray(row * clusters, (row + 1) * clusters), sizes, label),
    )
  })
  return { mean: mean(values), values }
}

/**
 * The mean silhouette from a sample of rows, each compared with all rows, and its standard error.
 *
 * @throws RapportError `silhouette.labels`, `silhouette.sample`, `work.aborted`
 *
 * Cost: O(sampleRows · n · d).
 */
export async function sampledSilhouette(
  data: Matrix,
  labels: Int32Array,
  options: SampledSilhouetteOptions,
  work?: Work,
): Promise<SampledSilhouette> {
  const clusters = checkLabels('silhouette', data, labels)
  const { sampleRows = Math.min(2000, data.rows), workers } = options
  if (!Number.isInteger(sampleRows) || sampleRows < 2 || sampleRows > data.rows) {
    throw new RapportError(
      'silhouette.sample',
      `sampleRows must be between 2 and ${data.rows} (rows), got ${sampleRows}`,
    )
  }
  const order = Int32Array.from(labels.keys())
  seededRandom(options.seed).shuffle(order)
  const sample = order.slice(0, sampleRows).sort()
  const values = await withKernels(workers === undefined ? {} : { workers }, work, (kernels) =>
    silhouettesOf(kernels, data, labels, clusters, sample, work),
  )
  const centre = mean(values)
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (sampleRows - 1)
  // Drawn without replacement: what was seen of the whole is no longer uncertain.
  const unseen = 1 - sampleRows / data.rows
  return { mean: centre, standardError: Math.sqrt((variance / sampleRows) * unseen), sampleRows }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const tasksAtOnce = 16
/** Sums of distances that are held at once. */
const pairSumsMax = 2 ** 22

/** `[targets]` the silhouettes of some rows. For callers that hold kernels already. */
export async function silhouettesOf(
  kernels: Kernels,
  data: Matrix,
  labels: Int32Array,
  clusters: number,
  targets: Int32Array,
  work: Work | undefined,
): Promise<Float64Array> {
  const { arena } = kernels
  const mark = arena.mark()
  const sizes = clusterSizes(labels, clusters)
  const { places, starts, length } = placesByCluster(labels, sizes)
  const columns = arena.float64(data.columns * length)
  const holes = arena.float64(length)
  fillColumns(data, places, columns.view, holes.view)
  const startsSpan = arena.int32(clusters + 1)
  startsSpan.view.set(starts)
  const targetsSpan = arena.int32(targets.length)
  targetsSpan.view.set(targets.map((row) => places[row]!))
  // A task's length follows the number of rows, so that none takes long and the cut never depends on the machine.
  const taskRows = Math.max(1, Math.min(64, Math.floor(2 ** 20 / length)))
  const scratch = arena.float64(tasksAtOnce * length)
  const sums = arena.float64(tasksAtOnce * taskRows * clusters)
  const values = new Float64Array(targets.length)
  for (let from = 0; from < targets.length; from += tasksAtOnce * taskRows) {
    const tasks: number[][] = []
    for (let task = 0; task < tasksAtOnce && from + task * taskRows < targets.length; task += 1) {
      const first = from + task * taskRows
      tasks.push([
        columns.at,
        data.columns,
        length,
        targetsSpan.at,
        first,
        Math.min(targets.length, first + taskRows),
        clusters,
        startsSpan.at,
        holes.at,
        scratch.at + task * length * 8,
        sums.at + task * taskRows * clusters * 8,
      ])
    }
    await kernels.run('distanceSums', tasks)
    const view = sums.view
    const to = Math.min(targets.length, from + tasksAtOnce * taskRows)
    for (let at = from; at < to; at += 1) {
      values[at] = fromSums(
        view.subarray((at - from) * clusters, (at - from + 1) * clusters),
        sizes,
        labels[targets[at]!]!,
      )
    }
    work?.onProgress?.({ stage: 'silhouette', done: to, total: targets.length })
  }
  arena.release(mark)
  return values
}

/** One row's silhouette from its sums of distances to the rows of each cluster. */
function fromSums(sums: Float64Array, sizes: Int32Array, own: number): number {
  if (sizes[own] === 1) return 0
  const inside = sums[own]! / (sizes[own]! - 1)
  let outside = Infinity
  for (let cluster = 0; cluster < sizes.length; cluster += 1) {
    if (cluster !== own) outside = Math.min(outside, sums[cluster]! / sizes[cluster]!)
  }
  const larger = Math.max(inside, outside)
  return larger === 0 ? 0 : (outside - inside) / larger
}

/** Where each row goes so that clusters lie together, each beginning at an even place. */
function placesByCluster(
  labels: Int32Array,
  sizes: Int32Array,
): { places: Int32Array; starts: Int32Array; length: number } {
  const starts = new Int32Array(sizes.length + 1)
  sizes.forEach((size, cluster) => {
    starts[cluster + 1] = starts[cluster]! + size + (size % 2)
  })
  const next = starts.slice()
  const places = labels.map((label) => next[label]!++)
  return { places, starts, length: starts.at(-1)! }
}

function fillColumns(data: Matrix, places: Int32Array, columns: Float64Array, holes: Float64Array): void {
  const length = holes.length
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    const place = places[row]!
    holes[place] = 1
    for (let column = 0; column < data.columns; column += 1, at += 1)
      columns[column * length + place] = data.values[at]!
  }
}
