import { type Matrix, takeRows, type Work } from '@rapport/numerics'
import type { BaseLearner } from '../../base-learners/index.ts'
import { quietly } from '../quietly.ts'
import type { CheckedTrial } from '../trial-rows.ts'

/** Fits a base learner to some rows. */
export const fitRows = async <Model>(
  learner: BaseLearner<Model>,
  data: Matrix,
  rows: Int32Array,
  values: { readonly targets: ArrayLike<number>; readonly weights: Float64Array; readonly seed: number },
  work: Work | undefined,
): Promise<Model> =>
  learner.fit(
    {
      data: takeRows(data, rows),
      targets: Float64Array.from(rows, (row) => values.targets[row]!),
      weights: Float64Array.from(rows, (row) => values.weights[row]!),
      seed: values.seed,
    },
    quietly(work),
  )

/** Numbers of the rows of one arm, among `rows` or all. */
export function rowsOfArm({ treated }: CheckedTrial, arm: 0 | 1, rows?: Int32Array): Int32Array {
  const all = rows ?? Int32Array.from(treated.keys())
  return all.filter((row) => treated[row] === arm)
}

/** Models of what the outcomes of each arm are. */
export interface ArmModels<Model> {
  readonly control: Model
  readonly treatment: Model
}

/** Fits outcomes apart for each arm, on `rows` or all. */
export async function fitArms<Model>(
  trial: CheckedTrial,
  learner: BaseLearner<Model>,
  seed: number,
  work: Work | undefined,
  rows?: Int32Array,
): Promise<ArmModels<Model>> {
  const values = { targets: trial.outcomes, weights: trial.weights, seed }
  const control = await fitRows(learner, trial.data, rowsOfArm(trial, 0, rows), values, work)
  return { control, treatment: await fitRows(learner, trial.data, rowsOfArm(trial, 1, rows), values, work) }
}
