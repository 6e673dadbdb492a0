import {
  checkFinite,
  checkSquarable,
  type Kernels,
  type Matrix,
  matrix,
  RapportError,
  seededRandom,
  stopIfAborted,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { type LloydResult, lloyd } from './lloyd.ts'
import { loadRows } from './loaded-rows.ts'
import { countedRows } from './row-weights.ts'
import { seedCentroids } from './seeding.ts'

export interface KMeansOptions {
  /** Number of clusters, 1 … distinct rows of the data that count. */
  readonly clusters: number
  /** Independent starts; the one with the lowest inertia is kept. Default 10. */
  readonly starts?: number
  /**
   * Stop when the sum of squared centroid moves is at most this times the mean variance of the columns, as scikit-learn
   * does: so it does not depend on the data's units. 0 goes on until no row changes cluster. Default 1e-4.
   */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 300. */
  readonly roundsMax?: number
  /** `[clusters × d]` centroids to begin from, instead of k-means++; then there is one start. */
  readonly initial?: Matrix
  /** `[n]` how much each row counts, each ≥ 0; one of 0 is as if it were not there. Default: every row once. */
  readonly weights?: Float64Array
  /** Threads, 0 … 64; never changes the result. Default: one per core, at most 8. */
  readonly workers?: number
  /** The same seed, data and options give the same clusters, bit for bit. */
  readonly seed: number
}

/** What `fitKMeans` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface KMeansModel {
  readonly kind: 'k-means'
  /** `[clusters × d]`, ordered by the number of rows, largest first. */
  readonly centroids: Matrix
  /** `[clusters]` rows of the training data that count, in each cluster. */
  readonly sizes: readonly number[]
  /** Weighted sum over rows of squared distance to the row's centroid, in squared data units. */
  readonly inertia: number
  /** Rounds of the start that won. */
  readonly rounds: number
  /** False when the winning start used up `roundsMax`. */
  readonly isConverged: boolean
}

/** Each row's cluster and how far it lies from its centroid. */
export interface Assignment {
  /** `[n]` index of the nearest centroid; the first of equals. */
  readonly labels: Int32Array
  /** `[n]` Euclidean distance to that centroid, in data units. */
  readonly distances: Float64Array
}

/**
 * Groups rows around `clusters` centroids so that the squared distances within groups are small.
 *
 * Lloyd's algorithm from greedy k-means++ starts; from the same `initial` it ends where scikit-learn's does. Columns
 * count by their scale: standardise them first.
 *
 * @param data `[n × d]`, finite
 * @throws RapportError `k-means.data`, `k-means.missing`, `k-means.range`, `k-means.clusters`, `k-means.distinct` (fewer distinct rows
 * than clusters), `k-means.options`, `k-means.weights`, `k-means.initial`, `work.aborted`
 *
 * Cost: O(starts · rounds · n · d · k), less where Hamerly's bounds hold; 8 · n · (d + 8) bytes.
 * Source: Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982.
 *
 * @example
 * const model = await fitKMeans(matrixFromRows([[0], [1], [9], [10], [11]]), { clusters: 2, seed: 1 })
 * model.centroids.values // Float64Array [10, 0.5]
 */
export async function fitKMeans(data: Matrix, options: KMeansOptions, work?: Work): Promise<KMeansModel> {
  checkFinite('k-means', data)
  checkSquarable('k-means', data)
  const counted = countedRows('k-means', data, options.weights)
  checkKMeans(options, counted.data)
  return withKernels(kernelOptions(options), work, async (kernels) => {
    const weights = counted.weights && { weights: counted.weights }
    const best = await bestOfStarts(kernels, counted.data, { ...options, ...weights }, work)
    return toModel(best, counted.data)
  })
}

/**
 * The nearest centroid of every row.
 *
 * @param data `[n × d]`, finite, columns as at the fit
 * @throws RapportError `k-means.columns` when the data have other columns than the model, `k-means.missing`, `k-means.range`
 */
export async function assignKMeans(
  model: Pick<KMeansModel, 'centroids'>,
  data: Matrix,
  work?: Work,
): Promise<Assignment> {
  checkFinite('k-means', data)
  checkSquarable('k-means', data, 0)
  const { centroids } = model
  if (data.columns !== centroids.columns) {
    throw new RapportError('k-means.columns', `data must have ${centroids.columns} columns, got ${data.columns}`)
  }
  return withKernels({}, work, async (kernels) => {
    const start = padded(centroids)
    const rows = loadRows(kernels, data)
    const { labels, distances } = await lloyd(kernels, rows, start, { shiftMax: 0, roundsMax: 0 })
    return { labels, distances: distances.map(Math.sqrt) }
  })
}

/** `[n]` the nearest of padded centroids `[clusters × width]`. For callers that hold kernels already. */
export async function labelsFrom(kernels: Kernels, data: Matrix, centroids: Float64Array): Promise<Int32Array> {
  const mark = kernels.arena.mark()
  const { labels } = await lloyd(kernels, loadRows(kernels, data), centroids, { shiftMax: 0, roundsMax: 0 })
  kernels.arena.release(mark)
  return labels
}

/** The best start, with labels; clusters in the order they were found. For callers that hold kernels already. */
export async function bestOfStarts(
  kernels: Kernels,
  data: Matrix,
  options: KMeansOptions,
  work: Work | undefined,
): Promise<LloydResult> {
  const mark = kernels.arena.mark()
  const rows = loadRows(kernels, data, options.weights)
  const { tolerance = 1e-4, roundsMax = 300, initial } = options
  const shiftMax = tolerance === 0 ? 0 : tolerance * meanVariance(data)
  const random = seededRandom(options.seed)
  const starts = initial ? 1 : (options.starts ?? 10)
  let best: LloydResult | undefined
  for (let start = 0; start < starts; start += 1) {
    stopIfAborted(work)
    const from = initial ? padded(initial) : await seedCentroids(kernels, rows, options.clusters, random.fork(start))
    const result = await lloyd(kernels, rows, from, { shiftMax, roundsMax })
    if (!best || result.inertia < best.inertia) best = result
    work?.onProgress?.({ stage: 'k-means start', done: start + 1, total: starts })
  }
  kernels.arena.release(mark)
  return best!
}

const kernelOptions = ({ workers }: KMeansOptions): { workers?: number } => (workers === undefined ? {} : { workers })

function toModel(best: LloydResult, data: Matrix): KMeansModel {
  const { columns } = data
  const k = best.centroids.length / (columns + (columns % 2))
  const sizes = Array.from({ length: k }, () => 0)
  for (const label of best.labels) sizes[label]! += 1
  const order = sizes.map((_, cluster) => cluster).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  const centroids = matrix(k, columns)
  const width = best.centroids.length / k
  order.forEach((cluster, place) => {
    centroids.values.set(best.centroids.subarray(cluster * width, cluster * width + columns), place * columns)
  })
  return {
    kind: 'k-means',
    centroids,
    sizes: order.map((cluster) => sizes[cluster]!),
    inertia: best.inertia,
    rounds: best.rounds,
    isConverged: best.isConverged,
  }
}

/** Rows with an even number of columns, as kernels read them. */
function padded(data: Matrix): Float64Array {
  const width = data.columns + (data.columns % 2)
  const values = new Float64Array(data.rows * width)
  for (let row = 0; row < data.rows; row += 1) {
    values.set(data.values.subarray(row * data.columns, (row + 1) * data.columns), row * width)
  }
  return values
}

/** The mean over columns of the columns' (population) variances. */
function meanVariance({ rows, columns, values }: Matrix): number {
  const means = new Float64Array(columns)
  for (let at = 0; at < values.length; )
    for (let column = 0; column < columns; column += 1) means[column]! += values[at++]!
  for (let column = 0; column < columns; column += 1) means[column]! /= rows
  let squares = 0
  for (let at = 0; at < values.length; ) {
    for (let column = 0; column < columns; column += 1) squares += (values[at++]! - means[column]!) ** 2
  }
  return squares / (rows * columns)
}

function checkKMeans(options: KMeansOptions, data: Matrix): void {
  const { clusters, starts = 10, tolerance = 1e-4, roundsMax = 300, initial } = options
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > data.rows) {
    throw new RapportError(
      'k-means.clusters',
      `clusters must be between 1 and ${data.rows} (rows with weight), got ${clusters}`,
    )
  }
  if (!Number.isInteger(starts) || starts < 1) {
    throw new RapportError('k-means.options', `starts must be a whole number of at least 1, got ${starts}`)
  }
  if (!(tolerance >= 0)) {
    throw new RapportError('k-means.options', `tolerance must be at least 0, got ${tolerance}`)
  }
  if (!Number.isInteger(roundsMax) || roundsMax < 1) {
    throw new RapportError('k-means.options', `roundsMax must be a whole number of at least 1, got ${roundsMax}`)
  }
  if (initial && (initial.rows !== clusters || initial.columns !== data.columns)) {
    throw new RapportError(
      'k-means.initial',
      `initial must be ${clusters} × ${data.columns}, got ${initial.rows} × ${initial.columns}`,
    )
  }
  if (initial) checkFinite('k-means', initial)
}
