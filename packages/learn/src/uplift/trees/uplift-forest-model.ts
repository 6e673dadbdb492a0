import { type Matrix, matrix } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from '../../trees/boosting-model.ts'
import { forestMeans } from '../../trees/forest/predict-forest.ts'
import type { Divergence } from './divergence.ts'

/** What `fitUpliftTree` and `fitUpliftForest` found. Plain data. */
export interface UpliftForestModel {
  readonly kind: 'uplift-forest'
  readonly divergence: Divergence
  /** Arms, the control among them: numbers that a leaf holds. */
  readonly outputs: number
  /** Columns of the data it was fitted on, and so of the data it predicts. */
  readonly columns: number
  readonly bins: ColumnBins
  /** Each leaf's values are shares of responders, the control's first. */
  readonly trees: TreeNodes
}

/**
 * The chance of a response in each arm.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n × arms]`, the control first, in [0, 1]
 * @throws RapportError `boosting.columns` when the number of columns is not the model's
 */
export const predictArmResponses = (model: UpliftForestModel, data: Matrix): Matrix =>
  matrix(data.rows, model.outputs, forestMeans(model, data))

/**
 * What each treatment is expected to add to the chance of a response.
 *
 * @param data `[n × columns of the model]`; NaN is missing
 * @returns `[n × treatments]` in [−1, 1]
 * @throws RapportError as `predictArmResponses`
 *
 * @example
 * predictUpliftForest(model, customersOfToday).values[0] // of the first treatment on the first customer
 */
export function predictUpliftForest(model: UpliftForestModel, data: Matrix): Matrix {
  const { outputs } = model
  const responses = forestMeans(model, data)
  const uplift = matrix(data.rows, outputs - 1)
  for (let row = 0, at = 0; row < data.rows; row += 1) {
    for (let arm = 1; arm < outputs; arm += 1, at += 1) {
      uplift.values[at] = responses[row * outputs + arm]! - responses[row * outputs]!
    }
  }
  return uplift
}
