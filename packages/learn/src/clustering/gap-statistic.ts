import { checkFinite, type Matrix, matrix, type Random, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { fitKMeans } from './k-means.ts'
import { toUnitScale } from './unit-scale.ts'

export interface GapOptions {
  /** Most clusters tried, from 1 on, at least 2. Default 8. */
  readonly clustersMax?: number
  /** Data sets drawn without clusters, at least 2. Default 20. */
  readonly draws?: number
  /** Starts of each k-means. Default 10: fewer miss the least inertia where clusters are many. */
  readonly starts?: number
  /** Threads, 0 … 64; never changes the result. Default: one per core, at most 8. */
  readonly workers?: number
  readonly seed: number
}

/** How much tighter the data group into a number of clusters than data without any. */
export interface Gap {
  readonly clusters: number
  /** Natural logarithm of the sum of squared distances to the centroids. */
  readonly logInertia: number
  /** Its mean over the data sets without clusters, less the data's own; higher is better. */
  readonly gap: number
  /** Standard error of the gap, that of the draws' mean included. */
  readonly standardError: number
}

export interface GapChoice {
  /** `[clustersMax]` by number of clusters. */
  readonly gaps: readonly Gap[]
  /** The first number that the next one does not beat by more than its standard error; 1 says that there are none. */
  readonly clusters: number | undefined
}

/**
 * The gap statistic: the number of k-means' clusters at which the data are tighter than uniform data over the same
 * ranges by most, as far as the draws can tell.
 *
 * Columns that depend on each other are no box: with few clusters they too beat uniform data. `chooseK` has a null that
 * keeps the dependence.
 *
 * @param data `[n × d]`, finite, columns scaled as for `fitKMeans`
 * @returns `clusters` undefined when the gap still grows at `clustersMax`
 * @throws RapportError `gap.data`, `gap.missing`, `gap.options`, `gap.distinct` (too few different rows), `work.aborted`
 *
 * Cost: clustersMax · (draws + 1) k-means.
 * Source: Tibshirani, Walther & Hastie, "Estimating the number of clusters in a data set via the gap statistic", JRSS B
 * 63(2), 2001, with reference (a).
 *
 * @example
 * (await gapStatistic(matrixFromRows([[0], [0.1], [0.2], [9], [9.1], [9.2]]), { clustersMax: 3, seed: 1 })).clusters // 2
 */
export async function gapStatistic(data: Matrix, options: GapOptions, work?: Work): Promise<GapChoice> {
  checkFinite('gap', data)
  const { clustersMax = 8, draws = 20 } = checkGap(options, data)
  const scaled = toUnitScale(data)
  const random = seededRandom(options.seed)
  const own = await logInertias(scaled.data, clustersMax, options, work)
  const drawn: Float64Array[] = []
  for (let draw = 0; draw < draws; draw += 1) {
    drawn.push(await logInertias(uniformLike(scaled.data, random.fork(draw)), clustersMax, options, work))
    work?.onProgress?.({ stage: 'data without clusters', done: draw + 1, total: draws })
  }
  const gaps = Array.from(own, (logInertia, at): Gap => {
    const values = drawn.map((logs) => logs[at]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / draws
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws
    return {
      clusters: at + 1,
      logInertia: logInertia + 2 * Math.log(scaled.unit),
      gap: mean - logInertia,
      standardError: Math.sqrt(variance * (1 + 1 / draws)),
    }
  })
  const first = gaps.findIndex(
    ({ gap }, at) => at + 1 < gaps.length && gap >= gaps[at + 1]!.gap - gaps[at + 1]!.standardError,
  )
  return { gaps, clusters: first < 0 ? undefined : first + 1 }
}

/** `[clustersMax]` for 1, 2, … clusters. */
async function logInertias(
  data: Matrix,
  clustersMax: number,
  { starts = 10, workers, seed }: GapOptions,
  work: Work | undefined,
): Promise<Float64Array> {
  const logs = new Float64Array(clustersMax)
  const inside = work?.signal ? { signal: work.signal } : {}
  for (let clusters = 1; clusters <= clustersMax; clusters += 1) {
    const options = { clusters, starts, seed, ...(workers !== undefined && { workers }) }
    const { inertia } = await fitKMeans(data, options, inside)
    if (inertia === 0) {
      throw new RapportError(
        'gap.distinct',
        `there must be more distinct rows than clusters tried, ${clusters} clusters already hold equal rows only`,
      )
    }
    logs[clusters - 1] = Math.log(inertia)
  }
  return logs
}

/** As many rows, each column uniform over the data's range of it. */
function uniformLike({ rows, columns, values }: Matrix, random: Random): Matrix {
  const lower = new Float64Array(columns).fill(Infinity)
  const upper = new Float64Array(columns).fill(-Infinity)
  values.forEach((value, at) => {
    lower[at % columns] = Math.min(lower[at % columns]!, value)
    upper[at % columns] = Math.max(upper[at % columns]!, value)
  })
  const drawn = matrix(rows, columns)
  for (let at = 0; at < values.length; at += 1) {
    const column = at % columns
    drawn.values[at] = lower[column]! + random.uniform() * (upper[column]! - lower[column]!)
  }
  return drawn
}

function checkGap(options: GapOptions, { rows }: Matrix): GapOptions {
  const { clustersMax = 8, draws = 20 } = options
  if (!Number.isInteger(clustersMax) || clustersMax < 2 || clustersMax >= rows) {
    throw new RapportError(
      'gap.options',
      `clustersMax must be at least 2 and below the number of rows (${rows}), got ${clustersMax}`,
    )
  }
  if (!Number.isInteger(draws) || draws < 2) {
    throw new RapportError('gap.options', `draws must be a whole number of at least 2, got ${draws}`)
  }
  return options
}
