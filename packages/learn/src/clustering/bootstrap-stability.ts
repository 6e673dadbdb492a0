import {
  checkFinite,
  type Kernels,
  type Matrix,
  type Random,
  seededRandom,
  stopIfAborted,
  takeRows,
  type Work,
  withKernels,
} from '@rapport/numerics'
import { adjustedRand, contingency } from './adjusted-rand.ts'
import { bestOfStarts, type KMeansOptions, labelsFrom } from './k-means.ts'

export interface StabilityOptions extends Omit<KMeansOptions, 'initial' | 'weights'> {
  /** Resamples of the rows, with replacement. Default 20. */
  readonly resamples?: number
}

/** Whether the same clusters come back when other customers of the same kind had been seen. */
export interface Stability {
  /** Mean over resamples of the adjusted Rand index with the clusters of all rows, at most 1. */
  readonly adjustedRand: number
  /** Standard error of that mean. */
  readonly standardError: number
  /** `[clusters]` mean over resamples of the best Jaccard overlap, 0 … 1, in the order of the model of all rows. */
  readonly jaccard: readonly number[]
}

/**
 * Clusters resampled rows again and again and compares: a cluster that is there comes back.
 *
 * Each resample's centroids label all rows, and these labels are compared with those of the fit to all rows. Hennig
 * reads a Jaccard overlap below 0.6 as no cluster to rely on, above 0.85 as a very stable one. Stability alone does not
 * prove clusters: a long cloud is always cut at the same place.
 *
 * @param data `[n × d]`, finite
 * @throws RapportError those of `fitKMeans`
 *
 * Cost: `resamples` + 1 fits.
 * Source: Hennig, "Cluster-wise assessment of cluster stability", Comput. Stat. Data Anal. 52, 2007.
 */
export async function bootstrapStability(data: Matrix, options: StabilityOptions, work?: Work): Promise<Stability> {
  checkFinite('k-means', data)
  const { workers, resamples = 20, seed } = options
  return withKernels(workers === undefined ? {} : { workers }, work, async (kernels) => {
    const { labels } = await bestOfStarts(kernels, data, options, work)
    return stabilityOf(kernels, data, labels, { ...options, resamples }, seededRandom(seed).fork(1), work)
  })
}

/** The stability of given labels. For callers that hold kernels already. */
export async function stabilityOf(
  kernels: Kernels,
  data: Matrix,
  labels: Int32Array,
  options: KMeansOptions & { readonly resamples: number },
  random: Random,
  work: Work | undefined,
): Promise<Stability> {
  const agreements: number[] = []
  const overlaps = new Float64Array(options.clusters)
  for (let resample = 0; resample < options.resamples; resample += 1) {
    stopIfAborted(work)
    const draws = random.fork(resample)
    const rows = Int32Array.from({ length: data.rows }, () => draws.integer(data.rows))
    const resampled = takeRows(data, rows)
    const { centroids } = await bestOfStarts(
      kernels,
      resampled,
      { ...options, seed: draws.integer(2 ** 32) },
      undefined,
    )
    const again = await labelsFrom(kernels, data, centroids)
    agreements.push(adjustedRand(labels, again))
    bestOverlaps(labels, again).forEach((overlap, cluster) => {
      overlaps[cluster]! += overlap / options.resamples
    })
    work?.onProgress?.({ stage: 'stability resample', done: resample + 1, total: options.resamples })
  }
  const mean = agreements.reduce((sum, value) => sum + value, 0) / agreements.length
  const variance = agreements.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, agreements.length - 1)
  return {
    adjustedRand: mean,
    standardError: Math.sqrt(variance / agreements.length),
    jaccard: bySize(labels, overlaps),
  }
}

/** For each cluster of `a`, its best Jaccard overlap with a cluster of `b`. */
function bestOverlaps(a: Int32Array, b: Int32Array): number[] {
  const { counts, sizesOfA, sizesOfB } = contingency(a, b)
  return Array.from(sizesOfA, (size, cluster) => {
    let best = 0
    sizesOfB.forEach((other, column) => {
      const both = counts[cluster * sizesOfB.length + column]!
      best = Math.max(best, both / (size + other - both))
    })
    return best
  })
}

/** Largest cluster first, as `fitKMeans` orders them. */
function bySize(labels: Int32Array, values: Float64Array): number[] {
  const sizes = Array.from(values, () => 0)
  for (const label of labels) sizes[label]! += 1
  const order = sizes.map((_, cluster) => cluster).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  return order.map((cluster) => values[cluster]!)
}
