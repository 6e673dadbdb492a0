import type { Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { type CrossFitOptions, crossFitFolds, crossFittedMeans } from './cross-fit.ts'
import { admittedTrial, type EffectOptions, effectLearner, outcomeLearner } from './learner-options.ts'
import type { RLearnerModel } from './uplift-model.ts'

/**
 * The R-learner: outcomes are predicted whatever the arm, by models that did not see them; what is left is explained by
 * an effect times the surprise of being treated.
 *
 * Minimises Σ ((y − m(x)) − (w − e(x)) τ(x))², by fitting (y − m) / (w − e) with the weights (w − e)².
 *
 * @throws RapportError as `checkAssignment` (`uplift.not-randomised`, …), `folds.count`, `uplift.folds`, and as the base
 *   learners
 *
 * Source: Nie & Wager, "Quasi-oracle estimation of heterogeneous treatment effects", Biometrika 108(2), 2021, as
 * causalml's `BaseRLearner`.
 *
 * @example
 * const model = await fitRLearner({ data, treated, outcomes, propensities }, { effect: leastSquaresBase(), seed: 1 })
 * predictUplift(model, customersOfToday)
 */
export async function fitRLearner<Model = BaseModel, Effect = BaseModel>(
  rows: TrialRows,
  options: EffectOptions<Model, Effect> & CrossFitOptions,
  work?: Work,
): Promise<RLearnerModel<Effect>> {
  const trial = await admittedTrial(rows, options, work)
  const { data, treated, outcomes, propensities, seed } = { ...trial, seed: options.seed }
  const folds = crossFitFolds(trial, options, seed)
  const expected = await crossFittedMeans(trial, outcomeLearner(options, trial), folds, seed, work)
  const surprise = propensities.map((chance, row) => treated[row]! - chance)
  const targets = outcomes.map((outcome, row) => (outcome - expected[row]!) / surprise[row]!)
  const weights = trial.weights.map((weight, row) => weight * surprise[row]! ** 2)
  return { kind: 'r-learner', effect: await effectLearner(options).fit({ data, targets, weights, seed }, work) }
}
