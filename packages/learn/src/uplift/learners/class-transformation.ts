import { RapportError, type Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { admittedTrial, type LearnerOptions, outcomeLearner } from './learner-options.ts'
import type { ClassTransformationModel } from './uplift-model.ts'

/**
 * Class transformation: one model of Z, which is 1 for the treated who responded and for the others who did not; uplift is
 * 2 P(Z = 1) − 1.
 *
 * That holds for chances of one half; elsewhere customers are weighted by half of the inverse chance of their arm, which
 * makes the arms alike. At one half it is scikit-uplift's `ClassTransformation`.
 *
 * @param rows outcomes of 0 and 1
 * @throws RapportError `uplift.outcomes`, as `checkAssignment` (`uplift.not-randomised`, …), and as the base learner
 *
 * Source: Jaśkowski & Jaroszewicz, "Uplift modeling for clinical trial data", ICML workshop, 2012.
 *
 * @example
 * const model = await fitClassTransformation({ data, treated, outcomes, propensities: 0.5 }, { seed: 1 })
 * predictUplift(model, customersOfToday) // in [−1, 1]
 */
export async function fitClassTransformation<Model = BaseModel>(
  rows: TrialRows,
  options: LearnerOptions<Model>,
  work?: Work,
): Promise<ClassTransformationModel<Model>> {
  const trial = await admittedTrial(rows, options, work)
  const { data, treated, outcomes, propensities } = trial
  if (!trial.isBinary) {
    const wrong = outcomes.find((outcome) => outcome !== 0 && outcome !== 1)
    throw new RapportError('uplift.outcomes', `class transformation needs outcomes of 0 and 1, got ${wrong}`)
  }
  const targets = outcomes.map((outcome, row) => (outcome === treated[row] ? 1 : 0))
  const weights = trial.weights.map((weight, row) => {
    const chance = treated[row] === 1 ? propensities[row]! : 1 - propensities[row]!
    return weight / (2 * chance)
  })
  const learner = outcomeLearner(options, trial)
  return {
    kind: 'class-transformation',
    transformed: await learner.fit({ data, targets, weights, seed: options.seed }, work),
  }
}
