import { type Matrix, RapportError, type Work } from '@rapport/numerics'
import { fitGaussianMixture, type GaussianMixtureModel } from './gaussian-mixture.ts'
import type { GaussianMixtureOptions } from './gaussian-mixture-options.ts'
import { type CovarianceKind, covarianceKinds } from './gaussian-parts.ts'

export interface ChooseGaussianMixtureOptions
  extends Omit<GaussianMixtureOptions, 'clusters' | 'covariance' | 'initial'> {
  /** Largest number of clusters tried, from 1 on. Default 8 or n if that is less. */
  readonly clustersMax?: number
  /** Shapes tried. Default all four. */
  readonly covariances?: readonly CovarianceKind[]
}

/** One mixture that was tried. */
export interface MixtureCandidate {
  readonly clusters: number
  readonly covariance: CovarianceKind
  /** `undefined` when it could not be fitted. */
  readonly bic: number | undefined
  /** Why it could not be fitted. */
  readonly because?: string
}

export interface MixtureChoice {
  /** The mixture with the lowest criterion; one with 1 cluster says that there are none. */
  readonly model: GaussianMixtureModel
  readonly candidates: readonly MixtureCandidate[]
  /** One sentence for a reader. */
  readonly verdict: string
}

/**
 * The number of clusters and their shape by the Bayesian information criterion, "one cluster" included.
 *
 * Consistent where the clusters are normal distributions; a skewed cloud without any gap is also best described by
 * several of them, so ask `chooseK` whether there are gaps.
 *
 * @param data `[n × d]`, finite
 * @throws RapportError as `fitGaussianMixture`, and `gaussian-mixture.options` for `clustersMax` below 1 or no shape
 *
 * Cost: one fit for every number and shape.
 * Source: Schwarz, "Estimating the dimension of a model", Annals of Statistics 6(2), 1978; Fraley & Raftery,
 * "Model-based clustering, discriminant analysis, and density estimation", JASA 97, 2002.
 */
export async function chooseGaussianMixture(
  data: Matrix,
  options: ChooseGaussianMixtureOptions,
  work?: Work,
): Promise<MixtureChoice> {
  const { clustersMax = Math.min(8, data.rows), covariances = covarianceKinds, ...rest } = options
  if (!Number.isInteger(clustersMax) || clustersMax < 1 || covariances.length === 0) {
    throw new RapportError(
      'gaussian-mixture.options',
      `clustersMax must be a whole number of at least 1 and covariances name a shape, got ${clustersMax} and ${covariances.length} shapes`,
    )
  }
  const inside = work?.signal ? { signal: work.signal } : {}
  const candidates: MixtureCandidate[] = []
  let model: GaussianMixtureModel | undefined
  for (let clusters = 1; clusters <= clustersMax; clusters += 1) {
    for (const covariance of covariances) {
      const fit = await fitOrReason(data, { ...rest, clusters, covariance }, inside)
      if (typeof fit === 'string') candidates.push({ clusters, covariance, bic: undefined, because: fit })
      else {
        candidates.push({ clusters, covariance, bic: fit.bic })
        if (!model || fit.bic < model.bic) model = fit
      }
      work?.onProgress?.({ stage: 'mixtures', done: candidates.length, total: clustersMax * covariances.length })
    }
  }
  // One cluster can always be fitted, or the fit has thrown.
  return { model: model!, candidates, verdict: verdictOf(model!, candidates) }
}

/** More clusters than distinct rows are no mistake of the caller's here; all else is. */
async function fitOrReason(
  data: Matrix,
  options: GaussianMixtureOptions,
  work: Work,
): Promise<GaussianMixtureModel | string> {
  try {
    return await fitGaussianMixture(data, options, work)
  } catch (error) {
    const isOfThisCandidate =
      error instanceof RapportError &&
      options.clusters > 1 &&
      ['k-means.distinct', 'gaussian-mixture.singular'].includes(error.code)
    if (isOfThisCandidate) return error.message
    throw error
  }
}

function verdictOf({ means, covariance, bic }: GaussianMixtureModel, candidates: readonly MixtureCandidate[]): string {
  const others = candidates.filter((other) => other.clusters !== means.rows && other.bic !== undefined)
  const runnerUp = others.reduce<MixtureCandidate | undefined>(
    (best, other) => (best && best.bic! <= other.bic! ? best : other),
    undefined,
  )
  const found =
    means.rows === 1
      ? 'No clusters: one normal distribution describes the rows best'
      : `${means.rows} clusters of shape ${covariance} describe the rows best`
  if (!runnerUp) return found
  const lead = runnerUp.bic! - bic
  // Kass & Raftery, "Bayes factors", JASA 90, 1995: above 10 is very strong, above 6 strong, above 2 positive.
  const strength = lead > 10 ? 'very clearly' : lead > 6 ? 'clearly' : lead > 2 ? 'somewhat' : 'hardly'
  return `${found}, ${strength} better than ${runnerUp.clusters} (criterion lower by ${lead.toFixed(1)})`
}
