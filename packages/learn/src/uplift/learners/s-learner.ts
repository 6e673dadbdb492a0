import { type Matrix, matrix, type Work } from '@rapport/numerics'
import type { BaseModel } from '../../base-learners/index.ts'
import type { TrialRows } from '../trial-rows.ts'
import { admittedTrial, type LearnerOptions, outcomeLearner } from './learner-options.ts'
import type { SLearnerModel } from './uplift-model.ts'

export interface SLearnerOptions<Model = BaseModel> extends LearnerOptions<Model> {
  /**
   * Whether each column times the treatment is a column too. A linear base learner without them finds one effect for all.
   * Default false.
   */
  readonly interactions?: boolean
}

/**
 * The S-learner: one model of outcomes with the treatment as its last column; uplift is the difference that switching this
 * column makes.
 *
 * Steady where effects are small or arms unequal; trees may overlook the treatment, which draws the effect to 0.
 *
 * @throws RapportError as `checkAssignment` (`uplift.not-randomised`, …) and as the base learner
 *
 * Source: Künzel, Sekhon, Bickel & Yu, "Metalearners for estimating heterogeneous treatment effects using machine
 * learning", PNAS 116(10), 2019; interactions: Lo, "The true lift model", SIGKDD Explorations 4(2), 2002.
 *
 * @example
 * const model = await fitSLearner({ data, treated, outcomes }, { seed: 1 })
 * predictUplift(model, customersOfToday)
 */
export async function fitSLearner<Model = BaseModel>(
  rows: TrialRows,
  options: SLearnerOptions<Model>,
  work?: Work,
): Promise<SLearnerModel<Model>> {
  const { interactions = false, seed } = options
  const trial = await admittedTrial(rows, options, work)
  const learner = outcomeLearner(options, trial)
  const { treated, outcomes, weights } = trial
  const data = withTreatment(trial.data, (row) => treated[row]!, interactions)
  return {
    kind: 's-learner',
    outcome: await learner.fit({ data, targets: outcomes, weights, seed }, work),
    interactions,
  }
}

/** The columns, the treatment, and where wanted the columns times the treatment. */
export function withTreatment(data: Matrix, treatedAt: (row: number) => number, interactions: boolean): Matrix {
  const { rows, columns } = data
  const wide = matrix(rows, interactions ? 2 * columns + 1 : columns + 1)
  for (let row = 0; row < rows; row += 1) {
    const own = data.values.subarray(row * columns, (row + 1) * columns)
    const treated = treatedAt(row)
    const at = row * wide.columns
    wide.values.set(own, at)
    wide.values[at + columns] = treated
    if (interactions) {
      own.forEach((value, column) => {
        wide.values[at + columns + 1 + column] = value * treated
      })
    }
  }
  return wide
}
