import type { Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { fitArms } from './arm-models.ts'
import { admittedTrial, type LearnerOptions, outcomeLearner } from './learner-options.ts'
import type { TLearnerModel } from './uplift-model.ts'

/**
 * The T-learner: a model of outcomes for each arm; uplift is their difference.
 *
 * The plain baseline: each model errs in its own way, which shows where effects are small beside outcomes.
 *
 * @throws RapportError as `checkAssignment` (`uplift.not-randomised`, …) and as the base learner
 *
 * Source: Künzel et al., PNAS 116(10), 2019, as causalml's `BaseTLearner`.
 *
 * @example
 * const model = await fitTLearner({ data, treated, outcomes }, { outcome: logisticBase(), seed: 1 })
 * predictUplift(model, customersOfToday)
 */
export async function fitTLearner<Model = BaseModel>(
  rows: TrialRows,
  options: LearnerOptions<Model>,
  work?: Work,
): Promise<TLearnerModel<Model>> {
  const trial = await admittedTrial(rows, options, work)
  const { control, treatment } = await fitArms(trial, outcomeLearner(options, trial), options.seed, work)
  return { kind: 't-learner', control, treatment }
}
