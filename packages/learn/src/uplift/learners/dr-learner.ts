import type { Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { CheckedTrial, TrialRows } from '../trial-rows.ts'
import { type ArmMeans, type CrossFitOptions, crossFitFolds, crossFittedArmMeans } from './cross-fit.ts'
import { admittedTrial, type EffectOptions, effectLearner, outcomeLearner } from './learner-options.ts'
import type { DrLearnerModel } from './uplift-model.ts'

/**
 * The DR-learner: each customer gets a doubly robust score of their effect, from models of outcomes that did not see them
 * and their chance of treatment; a model of effects is fitted to the scores.
 *
 * With known chances the scores are right on average however wrong the models of outcomes are.
 *
 * @throws RapportError as `checkAssignment` (`uplift.not-randomised`, …), `folds.count`, `uplift.folds`, and as the base
 *   learners
 *
 * Source: Kennedy, "Towards optimal doubly robust estimation of heterogeneous causal effects", Electronic Journal of
 * Statistics 17(2), 2023, with all scores pooled into one fit as EconML's `DRLearner`.
 *
 * @example
 * const model = await fitDrLearner({ data, treated, outcomes }, { effect: leastSquaresBase(), seed: 1 })
 * predictUplift(model, customersOfToday)
 */
export async function fitDrLearner<Model = BaseModel, Effect = BaseModel>(
  rows: TrialRows,
  options: EffectOptions<Model, Effect> & CrossFitOptions,
  work?: Work,
): Promise<DrLearnerModel<Effect>> {
  const trial = await admittedTrial(rows, options, work)
  const { seed } = options
  const folds = crossFitFolds(trial, options, seed)
  const means = await crossFittedArmMeans(trial, outcomeLearner(options, trial), folds, seed, work)
  const { data, weights } = trial
  const targets = doublyRobustEffects(trial, means)
  return { kind: 'dr-learner', effect: await effectLearner(options).fit({ data, targets, weights, seed }, work) }
}

/** `[n]` scores whose mean over any group of customers is that group's effect. */
function doublyRobustEffects(
  { treated, outcomes, propensities }: CheckedTrial,
  { control, treatment }: ArmMeans,
): Float64Array {
  return outcomes.map((outcome, row) => {
    const left =
      treated[row] === 1
        ? (outcome - treatment[row]!) / propensities[row]!
        : (control[row]! - outcome) / (1 - propensities[row]!)
    return treatment[row]! - control[row]! + left
  })
}
