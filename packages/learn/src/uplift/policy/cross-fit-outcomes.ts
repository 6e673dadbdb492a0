import type { Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import { type ArmMeans, type CrossFitOptions, crossFitFolds, crossFittedArmMeans } from '../learners/cross-fit.ts'
import { admittedTrial, type LearnerOptions, outcomeLearner } from '../learners/learner-options.ts'
import type { TrialRows } from '../trial-rows.ts'

/**
 * What each customer of an experiment is expected to do in either arm, by models of the arms that did not see them: what
 * `policyValue` takes for AIPW.
 *
 * @returns two lists `[n]` in the unit of the outcomes
 * @throws RapportError as `fitDrLearner`
 *
 * @example
 * policyValue(rows, policy, { expected: await crossFitOutcomes(rows, { seed: 1 }) })
 */
export async function crossFitOutcomes<Model = BaseModel>(
  rows: TrialRows,
  options: LearnerOptions<Model> & CrossFitOptions,
  work?: Work,
): Promise<ArmMeans> {
  const trial = await admittedTrial(rows, options, work)
  const folds = crossFitFolds(trial, options, options.seed)
  return crossFittedArmMeans(trial, outcomeLearner(options, trial), folds, options.seed, work)
}
