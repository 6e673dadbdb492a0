import { nextTurn, takeRows, type Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { fitArms, fitRows, rowsOfArm } from './arm-models.ts'
import { admittedTrial, type EffectOptions, effectLearner, outcomeLearner } from './learner-options.ts'
import type { XLearnerModel } from './uplift-model.ts'

/**
 * The X-learner: each customer's effect is imputed by the other arm's model of outcomes, a model of effects is fitted in
 * each arm, and the two are weighted by the chance of treatment, so that the larger arm's outcomes count more.
 *
 * Made for arms of very unequal size.
 *
 * @throws RapportError as `checkAssignment` (`uplift.not-randomised`, …) and as the base learners
 *
 * Source: Künzel et al., PNAS 116(10), 2019, algorithm 3, as causalml's `BaseXLearner`.
 *
 * @example
 * const model = await fitXLearner({ data, treated, outcomes }, { seed: 1 })
 * predictUplift(model, customersOfToday)
 */
export async function fitXLearner<Model = BaseModel, Effect = BaseModel>(
  rows: TrialRows,
  options: EffectOptions<Model, Effect>,
  work?: Work,
): Promise<XLearnerModel<Effect>> {
  const trial = await admittedTrial(rows, options, work)
  const { data, outcomes, weights, propensities } = trial
  const [outcome, effect] = [outcomeLearner(options, trial), effectLearner(options)]
  const arms = await fitArms(trial, outcome, options.seed, work)
  const effectsOf = async (arm: 0 | 1): Promise<Effect> => {
    await nextTurn(work)
    const own = rowsOfArm(trial, arm)
    const other = outcome.predict(arm === 1 ? arms.control : arms.treatment, takeRows(data, own))
    const targets = new Float64Array(trial.rows)
    own.forEach((row, at) => {
      targets[row] = arm === 1 ? outcomes[row]! - other[at]! : other[at]! - outcomes[row]!
    })
    return fitRows(effect, data, own, { targets, weights, seed: options.seed }, work)
  }
  const controlEffect = await effectsOf(0)
  const treatmentEffect = await effectsOf(1)
  return { kind: 'x-learner', controlEffect, treatmentEffect, propensity: weightedMean(propensities, weights) }
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0]
  values.forEach((value, row) => {
    sum += weights[row]! * value
    total += weights[row]!
  })
  return sum / total
}
