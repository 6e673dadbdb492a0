import {
  checkFinite,
  type Kernels,
  type Matrix,
  type Random,
  RapportError,
  seededRandom,
  stopIfAborted,
  takeRows,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { stabilityOf } from './bootstrap-stability.ts'
import { type MeasuredK, pickClusters } from './choice-of-k.ts'
import { calinskiHarabasz, daviesBouldin } from './cluster-indices.ts'
import { bestOfStarts } from './k-means.ts'
import { silhouettesOf } from './silhouette.ts'
import { unclusteredNull } from './unclustered-null.ts'
import { shareBehindValleys } from './valley.ts'

export interface ChooseKOptions {
  /** Fewest clusters tried, at least 2. Default 2. */
  readonly clustersMin?: number
  /** Most clusters tried. Default 8. */
  readonly clustersMax?: number
  /** Rows that everything is computed on, drawn without replacement when there are more. Default 1,500. */
  readonly sampleRows?: number
  /** Data sets drawn from the null. Default 39, the fewest that allow a test at 0.05 with one null above the data. */
  readonly nullDraws?: number
  /** Resamples for stability. Default 10. */
  readonly resamples?: number
  /** Chance of finding clusters in unclustered data, at most. Default 0.05. */
  readonly level?: number
  readonly workers?: number
  readonly seed: number
}

/** What speaks for one number of clusters. */
export interface CandidateK {
  readonly clusters: number
  /** Mean silhouette, −1 … 1; higher is better. */
  readonly silhouette: number
  /** Lower is better. */
  readonly daviesBouldin: number
  /** Higher is better. */
  readonly calinskiHarabasz: number
  /** Mean adjusted Rand index under resampling, at most 1, and the standard error of that mean. */
  readonly stability: number
  readonly stabilityError: number
  /** Mean silhouette of the null at this number of clusters, and its standard deviation between draws. */
  readonly nullSilhouette: number
  readonly nullDeviation: number
  /** The null's mean indices, by which this number's are judged. */
  readonly nullDaviesBouldin: number
  readonly nullCalinskiHarabasz: number
}

export type ChoiceOfK = {
  /** `[clustersMax − clustersMin + 1]`; empty when there were too few rows. */
  readonly candidates: readonly CandidateK[]
  /** Rows that were looked at. */
  readonly rows: number
  /** A sentence for the reader of a report. */
  readonly verdict: string
} & (
  | { readonly found: true; readonly clusters: number; readonly pValue: number }
  | { readonly found: false; readonly because: 'like-the-null' | 'no-valley' | 'unstable'; readonly pValue: number }
  | { readonly found: false; readonly because: 'too-few-rows'; readonly pValue?: undefined }
)

/**
 * How many clusters the data have, if any.
 *
 * First whether: the silhouette at each number of clusters is compared with that of data of the same shape without
 * clusters (`unclusteredNull`), clustered the same way. The largest standardised lead over the null, among all numbers
 * tried, is one test statistic, so trying seven numbers does not multiply false alarms. Then which: silhouette,
 * Davies-Bouldin and Calinski-Harabasz, each against the null at the same number, and stability under resampling rank
 * the numbers, and the best mean rank wins, the fewer clusters on a tie. Against the null, because each index by itself
 * leans to some numbers: Calinski-Harabasz falls with every further cluster where many columns are noise. Stabilities that
 * differ by no more than resampling itself makes them differ share a rank: nearly every number below the right one is
 * stable too.
 *
 * And last a look between them: most clusters must be parted from their nearest neighbour by a valley, since rows that
 * share one strong factor (how active a customer is) also beat the null, without any gap.
 *
 * @param data `[n × d]`, finite, columns scaled as for `fitKMeans`
 * @returns `found: false` with the reason when the data look like the null, when the best grouping does not come back
 * under resampling, when no valleys part it, or when there are fewer than ten distinct rows per cluster tried
 * @throws RapportError `choose-k.data`, `choose-k.missing`, `choose-k.options`, `work.aborted`
 *
 * Cost: about (nullDraws + resamples) · (clustersMax − 1) fits of `sampleRows` rows; it does not grow with n.
 */
export async function chooseK(data: Matrix, options: ChooseKOptions, work?: Work): Promise<ChoiceOfK> {
  checkFinite('choose-k', data)
  const { clustersMin = 2, clustersMax = 8, sampleRows = 1500, workers, seed, level = 0.05 } = options
  checkOptions({
    clustersMin,
    clustersMax,
    sampleRows,
    level,
    nullDraws: options.nullDraws ?? 39,
  })
  const random = seededRandom(seed)
  const sample = sampled(data, sampleRows, random.fork(0))
  const distinct = distinctRows(sample, 10 * clustersMax)
  if (distinct < 10 * clustersMax) {
    return {
      found: false,
      because: 'too-few-rows',
      candidates: [],
      rows: sample.rows,
      verdict: `To try ${clustersMax} clusters takes ${10 * clustersMax} different rows, and there are ${distinct}.`,
    }
  }
  const counts = Array.from({ length: clustersMax - clustersMin + 1 }, (_, at) => clustersMin + at)
  const threads = workers ?? (sample.rows <= fewRows ? 0 : undefined)
  return withKernels(threads === undefined ? {} : { workers: threads }, work, async (kernels) => {
    const real = await leadOf(kernels, sample, counts, random.fork(1), work)
    const nulls = await nullLeads(kernels, sample, counts, options.nullDraws ?? 39, random.fork(2), work)
    const candidates = await candidatesOf(kernels, sample, counts, options.resamples ?? 10, random.fork(1), work)
    const parted = (clusters: number): number =>
      shareBehindValleys(sample, candidates[clusters - clustersMin]!.labels, clusters, level, random.fork(3))
    const silhouettes = (indices: readonly ClusterIndices[]): number[] => indices.map(({ silhouette }) => silhouette)
    const evidence = { merits: silhouettes(real), nullMerits: nulls.map(silhouettes), nulls }
    return pickClusters(
      candidates.map(({ labels: _, ...candidate }) => candidate),
      { ...evidence, parted, rows: sample.rows, level },
    )
  })
}

/** So few rows are clustered sooner than they are handed to threads. */
const fewRows = 500
/** Starts of every fit that enters the test: the same for the data and for the null, so that the two compare. */
const starts = 3
/**
 * Starts of the fits that numbers of clusters are judged by. One start in four may end where two clusters are taken for
 * one and a third is cut in two; at the right number that would speak for a wrong one.
 */
const judgedStarts = 10
/** Rows whose silhouettes enter the test statistic, each against all rows of the sample. */
const targetRows = 400

/** The indices of one number of clusters. */
export interface ClusterIndices {
  readonly silhouette: number
  readonly daviesBouldin: number
  readonly calinskiHarabasz: number
}

/** `[counts]` the indices at each number of clusters; the silhouette of the first rows, which lie in random order. */
async function leadOf(
  kernels: Kernels,
  data: Matrix,
  counts: readonly number[],
  random: Random,
  work: Work | undefined,
): Promise<ClusterIndices[]> {
  const targets = Int32Array.from({ length: Math.min(targetRows, data.rows) }, (_, row) => row)
  const indices: ClusterIndices[] = []
  for (const clusters of counts) {
    stopIfAborted(work)
    const { labels } = await bestOfStarts(
      kernels,
      data,
      { clusters, starts, seed: seedOf(random, clusters) },
      undefined,
    )
    indices.push({
      silhouette: await meanSilhouette(kernels, data, labels, clusters, targets),
      daviesBouldin: daviesBouldin(data, labels),
      calinskiHarabasz: calinskiHarabasz(data, labels),
    })
  }
  return indices
}

const seedOf = (random: Random, stream: number): number => random.fork(stream).integer(2 ** 32)

async function meanSilhouette(
  kernels: Kernels,
  data: Matrix,
  labels: Int32Array,
  clusters: number,
  targets: Int32Array,
): Promise<number> {
  const values = await silhouettesOf(kernels, data, labels, clusters, targets, undefined)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

async function nullLeads(
  kernels: Kernels,
  data: Matrix,
  counts: readonly number[],
  draws: number,
  random: Random,
  work: Work | undefined,
): Promise<ClusterIndices[][]> {
  const reference = unclusteredNull(data)
  const leads: ClusterIndices[][] = []
  for (let draw = 0; draw < draws; draw += 1) {
    const own = random.fork(draw)
    leads.push(await leadOf(kernels, reference.draw(own), counts, own, work))
    work?.onProgress?.({ stage: 'clusters against the null', done: draw + 1, total: draws })
  }
  return leads
}

async function candidatesOf(
  kernels: Kernels,
  data: Matrix,
  counts: readonly number[],
  resamples: number,
  random: Random,
  work: Work | undefined,
): Promise<(MeasuredK & { readonly labels: Int32Array })[]> {
  const candidates: (MeasuredK & { readonly labels: Int32Array })[] = []
  const everyRow = Int32Array.from({ length: data.rows }, (_, row) => row)
  for (const clusters of counts) {
    const options = { clusters, starts, seed: seedOf(random, clusters), resamples }
    const { labels } = await bestOfStarts(kernels, data, { ...options, starts: judgedStarts }, undefined)
    const stability = await stabilityOf(kernels, data, labels, options, random.fork(1000 + clusters), undefined)
    candidates.push({
      labels,
      clusters,
      silhouette: await meanSilhouette(kernels, data, labels, clusters, everyRow),
      daviesBouldin: daviesBouldin(data, labels),
      calinskiHarabasz: calinskiHarabasz(data, labels),
      stability: stability.adjustedRand,
      stabilityError: stability.standardError,
    })
    work?.onProgress?.({ stage: 'number of clusters', done: candidates.length, total: counts.length })
  }
  return candidates
}

/** At most `count` rows, in random order so that any first rows are a sample too. */
function sampled(data: Matrix, count: number, random: Random): Matrix {
  const order = Int32Array.from({ length: data.rows }, (_, row) => row)
  random.shuffle(order)
  return takeRows(data, order.subarray(0, Math.min(count, data.rows)))
}

/** Distinct rows, counted up to `enough`. */
function distinctRows({ rows, columns, values }: Matrix, enough: number): number {
  const seen = new Set<string>()
  for (let row = 0; row < rows && seen.size < enough; row += 1) {
    seen.add(values.subarray(row * columns, (row + 1) * columns).join())
  }
  return seen.size
}

function checkOptions(
  options: Required<Pick<ChooseKOptions, 'clustersMin' | 'clustersMax' | 'sampleRows' | 'level' | 'nullDraws'>>,
): void {
  const { clustersMin, clustersMax, sampleRows, level, nullDraws } = options
  if (
    !Number.isInteger(clustersMin) ||
    !Number.isInteger(clustersMax) ||
    clustersMin < 2 ||
    clustersMax < clustersMin
  ) {
    throw new RapportError(
      'choose-k.options',
      `clustersMin and clustersMax must be whole numbers with 2 ≤ clustersMin ≤ clustersMax, got ${clustersMin} and ${clustersMax}`,
    )
  }
  if (!Number.isInteger(sampleRows) || sampleRows < 10 * clustersMax) {
    throw new RapportError('choose-k.options', `sampleRows must be at least ${10 * clustersMax}, got ${sampleRows}`)
  }
  if (!(level > 0 && level < 1) || !Number.isInteger(nullDraws) || nullDraws + 1 < 1 / level) {
    throw new RapportError(
      'choose-k.options',
      `level must lie between 0 and 1 with at least 1 / level − 1 null draws, got ${level} and ${nullDraws} draws`,
    )
  }
}
