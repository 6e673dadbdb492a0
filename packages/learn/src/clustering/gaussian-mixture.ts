import { checkFinite, type Matrix, matrix, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { checkedMixture, type GaussianMixtureOptions } from './gaussian-mixture-options.ts'
import { type CovarianceKind, MixtureSums, parameterCount, partsByShare } from './gaussian-parts.ts'
import { assignKMeans, fitKMeans } from './k-means.ts'
import { expectRows, partsOfLabels, ridgeOf } from './mixture-steps.ts'
import { WorkPace } from './work-pace.ts'

/** What `fitGaussianMixture` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface GaussianMixtureModel {
  readonly kind: 'gaussian-mixture'
  readonly covariance: CovarianceKind
  /** `[clusters]` adding up to 1, the largest first. */
  readonly shares: Float64Array
  /** `[clusters × d]` */
  readonly means: Matrix
  /** `[clusters × d × d]` for `full`, `[d × d]` for `tied`, `[clusters × d]` for `diagonal`, `[clusters]` for `spherical`. */
  readonly covariances: Float64Array
  /** Weighted sum of the rows' log densities. */
  readonly logLikelihood: number
  /** Bayesian information criterion: lower is better, among models of the same data. */
  readonly bic: number
  /** Rounds of the start that won. */
  readonly rounds: number
  /** False when the winning start used up `roundsMax`. */
  readonly isConverged: boolean
}

/** How likely each row is in each cluster, and how usual it is at all. */
export interface MixtureMembership {
  /** `[n × clusters]` each row's probabilities, adding up to 1. */
  readonly probabilities: Float64Array
  /** `[n]` each row's likeliest cluster; the first of equals. */
  readonly labels: Int32Array
  /** `[n]` log density of each row under the whole mixture: low ones are outliers. */
  readonly logDensities: Float64Array
}

/**
 * Clusters as normal distributions that overlap, by the EM algorithm from k-means; from the same start it ends where
 * scikit-learn's does.
 *
 * @param data `[n × d]`, finite
 * @throws RapportError `gaussian-mixture.data`, `.missing`, `.clusters`, `.options`, `.weights`, `.initial`, `.spread` (all
 * rows are equal, or variances are out of range), `.singular`, `k-means.distinct`, `work.aborted`
 *
 * Cost: O(rounds · n · clusters · d²), d instead of d² for `diagonal` and `spherical`; no memory that grows with n.
 * Source: Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm", JRSS B 39(1), 1977;
 * McLachlan & Peel, "Finite mixture models", 2000.
 *
 * @example
 * const model = await fitGaussianMixture(matrixFromRows([[0], [1], [2], [9], [10], [11], [12]]), { clusters: 2, seed: 1 })
 * model.means.values // Float64Array [10.5, 1], up to rounding
 */
export async function fitGaussianMixture(
  data: Matrix,
  given: GaussianMixtureOptions,
  work?: Work,
): Promise<GaussianMixtureModel> {
  const { data: rows, options } = checkedMixture(data, given)
  const ridge = ridgeOf(rows, options.regularisation)
  const random = seededRandom(options.seed)
  const starts = options.initial || options.clusters === 1 ? 1 : (options.starts ?? 3)
  let best: GaussianMixtureModel | undefined
  for (let start = 0; start < starts; start += 1) {
    const labels = options.initial ?? (await kMeansLabels(rows, options, random.integer(2 ** 32), work))
    const model = await expectAndMaximise(rows, labels, ridge, options, work)
    if (!best || model.logLikelihood > best.logLikelihood) best = model
  }
  return best!
}

/**
 * How likely each row is in each cluster.
 *
 * @param data `[n × d]`, finite, columns as at the fit
 * @throws RapportError `gaussian-mixture.columns` when the data have other columns than the model,
 * `gaussian-mixture.missing`, `work.aborted`
 */
export async function assignGaussianMixture(
  model: GaussianMixtureModel,
  data: Matrix,
  work?: Work,
): Promise<MixtureMembership> {
  checkFinite('gaussian-mixture', data)
  const { means } = model
  if (data.columns !== means.columns) {
    throw new RapportError('gaussian-mixture.columns', `data must have ${means.columns} columns, got ${data.columns}`)
  }
  const clusters = means.rows
  const probabilities = new Float64Array(data.rows * clusters)
  const labels = new Int32Array(data.rows)
  const logDensities = new Float64Array(data.rows)
  const parts = { ...model, kind: model.covariance, means: means.values as Float64Array }
  await expectRows(data, parts, new WorkPace(work), (row, memberships, logDensity) => {
    probabilities.set(memberships, row * clusters)
    labels[row] = memberships.indexOf(Math.max(...memberships))
    logDensities[row] = logDensity
  })
  return { probabilities, labels, logDensities }
}

async function expectAndMaximise(
  data: Matrix,
  labels: Int32Array,
  ridge: Float64Array,
  { covariance = 'full', tolerance = 1e-3, roundsMax = 100, weights, clusters }: GaussianMixtureOptions,
  work: Work | undefined,
): Promise<GaussianMixtureModel> {
  const pace = new WorkPace(work)
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : data.rows
  // The least weight of a cluster is told from those of rows that weigh about 1, whatever the weights' unit.
  const relative = weights?.map((weight) => (weight * data.rows) / total)
  let parts = partsOfLabels(data, labels, clusters, covariance, ridge, relative)
  let before = -Infinity
  let rounds = 0
  let isConverged = false
  while (rounds < roundsMax && !isConverged) {
    rounds += 1
    const sums = new MixtureSums(covariance, parts.means, data.columns)
    let logLikelihood = 0
    await expectRows(data, parts, pace, (row, memberships, logDensity, differences) => {
      logLikelihood += (weights ? weights[row]! : 1) * logDensity
      for (let cluster = 0; cluster < clusters; cluster += 1) {
        sums.add(differences, cluster, (relative ? relative[row]! : 1) * memberships[cluster]!)
      }
    })
    parts = sums.toParts(ridge)
    // What the round started from, as scikit-learn compares it.
    isConverged = Math.abs(logLikelihood / total - before) < tolerance
    before = logLikelihood / total
  }
  let logLikelihood = 0
  await expectRows(data, parts, pace, (row, _memberships, logDensity) => {
    logLikelihood += (weights ? weights[row]! : 1) * logDensity
  })
  const { shares, means, covariances } = partsByShare(parts)
  return {
    kind: 'gaussian-mixture',
    covariance,
    shares,
    means: matrix(clusters, data.columns, means),
    covariances,
    logLikelihood,
    bic: parameterCount(covariance, clusters, data.columns) * Math.log(total) - 2 * logLikelihood,
    rounds,
    isConverged,
  }
}

async function kMeansLabels(
  data: Matrix,
  { clusters, weights }: GaussianMixtureOptions,
  seed: number,
  work: Work | undefined,
): Promise<Int32Array> {
  if (clusters === 1) return new Int32Array(data.rows)
  const model = await fitKMeans(data, { clusters, starts: 1, seed, ...(weights && { weights }) }, work)
  return (await assignKMeans(model, data, work)).labels
}
