import { type Matrix, RapportError, seededRandom, type Work } from '@rapport/numerics'
import { boost } from './boost.ts'
import type { BoostingRegressionModel } from './boosting-model.ts'
import { type BoostingOptions, checkBoosting } from './boosting-options.ts'
import { holdBack } from './early-stopping.ts'
import { type RegressionLoss, regressionLoss, shareBelow } from './objectives/regression-loss.ts'
import { startOf } from './start.ts'
import { checkNumbers } from './target-checks.ts'

export interface BoostingRegressionOptions extends BoostingOptions {
  /** What is lowered, and so what is predicted: a mean, a median or a quantile. Default squared error. */
  readonly loss?: RegressionLoss
  /** Goes on from this model of the same loss, as one longer run would: `rounds` more trees, with its bins. Default: from nothing. */
  readonly start?: BoostingRegressionModel
}

/**
 * Gradient boosted trees for a number: spend, orders, days.
 *
 * The algorithm is that of scikit-learn's HistGradientBoostingRegressor; see `fitBoosting` for what the two share. The
 * absolute and the quantile loss have no curvature: trees are grown on the signs of residuals, and each leaf is then set
 * to the median or quantile of its residuals, which `l2` does not touch.
 *
 * @param data `[n × d]`; NaN is missing, infinite values are allowed
 * @param targets `[n]` finite; ≥ 0 for `poisson` and `tweedie`, > 0 for `gamma`
 * @returns a model with one tree a round
 * @throws RapportError `boosting.data`, `boosting.targets`, `boosting.weights`, `boosting.options` for arguments out of
 * range, `boosting.categories`, `boosting.start` for a model that cannot be gone on from, `work.aborted`
 *
 * Cost: O(n · d · depth) a round; the absolute and quantile losses sort the residuals of each leaf besides.
 * Source: Friedman, "Greedy function approximation", Annals of Statistics 29(5), 2001, algorithms 1 and 3; Jørgensen,
 * "Exponential dispersion models", JRSS B 49(2), 1987, for the Tweedie deviance.
 *
 * @example
 * const model = await fitBoostingRegression(customers, spend, { loss: { kind: 'tweedie', power: 1.5 }, seed: 1 })
 * predictBoostingRegression(model, customersOfToday)
 */
export async function fitBoostingRegression(
  data: Matrix,
  targets: ArrayLike<number>,
  options: BoostingRegressionOptions,
  work?: Work,
): Promise<BoostingRegressionModel> {
  const { start, weights } = options
  const loss = options.loss ?? start?.loss ?? { kind: 'squared' }
  const settings = checkBoosting(data, options)
  checkLoss(loss)
  if (start && JSON.stringify(start.loss) !== JSON.stringify(loss)) {
    throw new RapportError(
      'boosting.start',
      `start must have the ${loss.kind} loss, got the ${start.loss.kind} loss or another share or power`,
    )
  }
  if (settings.directions && shareBelow(loss) !== undefined) {
    // Leaves are set anew after the splits, and would leave the bounds that keep them in order.
    throw new RapportError('boosting.options', `monotone needs a loss of a mean, got the ${loss.kind} loss`)
  }
  checkNumbers(targets, weights, data.rows)
  checkDomain(targets, loss)
  const stratum = new Uint8Array(data.rows)
  const { bins, baselines, rounds, trees } = await boost(
    {
      data,
      targets,
      weights,
      objectiveOf: (rows) => regressionLoss(rows, loss),
      holdBack: (share) => holdBack(stratum, 1, share, seededRandom(settings.seed).fork(1)),
      start: start && startOf(start, [start.baseline], settings, data),
    },
    settings,
    work,
  )
  return { kind: 'boosting-regression', loss, columns: data.columns, baseline: baselines[0]!, bins, rounds, trees }
}

function checkLoss(loss: RegressionLoss): void {
  if (loss.kind === 'quantile' && !(loss.share > 0 && loss.share < 1)) {
    throw new RapportError('boosting.options', `loss.share must be between 0 and 1, got ${loss.share}`)
  }
  if (loss.kind === 'tweedie' && !(loss.power > 1 && loss.power < 2)) {
    throw new RapportError('boosting.options', `loss.power must be between 1 and 2, got ${loss.power}`)
  }
}

function checkDomain(targets: ArrayLike<number>, { kind }: RegressionLoss): void {
  if (kind !== 'gamma' && kind !== 'poisson' && kind !== 'tweedie') return
  const isOpen = kind === 'gamma'
  for (let row = 0; row < targets.length; row += 1) {
    const target = targets[row]!
    if (target > 0 || (target === 0 && !isOpen)) continue
    const range = `${isOpen ? 'above' : 'at least'} 0 for the ${kind} loss`
    throw new RapportError('boosting.targets', `targets must be ${range}, got ${target} at row ${row}`)
  }
}
