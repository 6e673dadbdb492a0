import { matrixFromRows, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { assignGaussianMixture, fitGaussianMixture } from './gaussian-mixture.ts'
import type { CovarianceKind } from './gaussian-parts.ts'

interface Fit {
  data: string
  covariance: CovarianceKind
  clusters: number
  initial: number[]
  tolerance: number
  roundsMax: number
  regularisation: number
  shares: number[]
  means: number[][]
  /** One list a cluster, or one alone when tied. */
  covariances: number[][] | number[]
  logLikelihood: number
  bic: number
  rounds: number
  isConverged: boolean
  /** Of every twentieth row. */
  logDensities: number[]
  probabilities: number[][]
}

const { values: golden, agree } = readGolden<{ data: Record<string, number[][]>; fits: Fit[] }>(
  new URL('golden/gaussian-mixture.json', import.meta.url),
)

const expectClose = (ours: ArrayLike<number>, theirs: readonly number[], tolerance: number): void =>
  agree('Gaussian mixture', ours, theirs, tolerance)

// Reference: scikit-learn 1.9.1 GaussianMixture from the same labels; made by golden/make/gaussian-mixture.py. Sums are
// taken around the last round's means here, so rounding differs, and rounds of EM carry it on.
test.each(golden.fits)('$data: $clusters clusters, $covariance, tolerance $tolerance', async (fit) => {
  const data = matrixFromRows(golden.data[fit.data]!)
  const { clusters, covariance, tolerance, roundsMax, regularisation } = fit
  const initial = Int32Array.from(fit.initial)
  const options = { clusters, covariance, tolerance, roundsMax, regularisation, initial, seed: 1 }
  const model = await fitGaussianMixture(data, options)
  expect(model.rounds).toBe(fit.rounds)
  expect(model.isConverged).toBe(fit.isConverged)
  expectClose([model.logLikelihood, model.bic], [fit.logLikelihood, fit.bic], 1e-10)
  // Ours are ordered by share.
  const order = fit.shares.map((_, cluster) => cluster).sort((a, b) => fit.shares[b]! - fit.shares[a]! || a - b)
  const inOrder = <T>(values: readonly T[]): T[] => order.map((cluster) => values[cluster]!)
  expectClose(model.shares, inOrder(fit.shares), 1e-8)
  expectClose(model.means.values, inOrder(fit.means).flat(), 1e-8)
  const theirs =
    fit.covariance === 'tied' ? (fit.covariances as number[]) : inOrder(fit.covariances as number[][]).flat()
  expectClose(model.covariances, theirs, 1e-8)
  const some = takeRows(
    data,
    fit.logDensities.map((_, at) => 20 * at),
  )
  const { probabilities, logDensities } = await assignGaussianMixture(model, some)
  expectClose(logDensities, fit.logDensities, 1e-8)
  expectClose(
    probabilities,
    fit.probabilities.flatMap((row) => inOrder(row)),
    1e-7,
  )
})
