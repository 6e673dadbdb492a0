import { type Matrix, RapportError } from '@rapport/numerics'
import { type BaseLearner, type BaseModel, predictBase } from '../../base-learners/base-learner.ts'
import { withTreatment } from './s-learner.ts'
import type { UpliftModel } from './uplift-model.ts'

export interface PredictUpliftOptions<Base = BaseModel> {
  /** How base models that were not ready predict. Default: by the `kind` of those that were. */
  readonly predict?: BaseLearner<Base>['predict']
  /** `[n]` or one number: the chance of treatment, for the X-learner alone. Default: the mean in training. */
  readonly propensities?: ArrayLike<number> | number
}

/**
 * What treating each customer is expected to change in their outcome.
 *
 * @param model of any learner, from `fitTLearner`, `fitDrLearner`, …
 * @param data `[n × d]` with the columns of training
 * @returns `[n]` in the unit of the outcomes: a difference of probabilities where they were 0 and 1
 * @throws RapportError `uplift.propensities`, and as the base models for columns or values that do not fit
 *
 * Cost: two predictions of the base model for S, T and X, one for the others.
 *
 * @example
 * predictUplift(model, customersOfToday)[0] // 0.031…
 */
export function predictUplift<Base = BaseModel>(
  model: UpliftModel<Base>,
  data: Matrix,
  options: PredictUpliftOptions<Base> = {},
): Float64Array {
  // Without a way of the caller's, base models are those that are ready.
  const predict = options.predict ?? (predictBase as unknown as BaseLearner<Base>['predict'])
  switch (model.kind) {
    case 's-learner':
      return difference(
        predict(
          model.outcome,
          withTreatment(data, () => 1, model.interactions),
        ),
        predict(
          model.outcome,
          withTreatment(data, () => 0, model.interactions),
        ),
      )
    case 't-learner':
      return difference(predict(model.treatment, data), predict(model.control, data))
    case 'x-learner': {
      const chanceAt = chances(options.propensities ?? model.propensity, data.rows)
      const ofTreatment = predict(model.treatmentEffect, data)
      return predict(model.controlEffect, data).map(
        (effect, row) => chanceAt(row) * effect + (1 - chanceAt(row)) * ofTreatment[row]!,
      )
    }
    case 'r-learner':
    case 'dr-learner':
      return predict(model.effect, data)
    case 'class-transformation':
      return predict(model.transformed, data).map((chance) => 2 * chance - 1)
  }
}

const difference = (treated: Float64Array, control: Float64Array): Float64Array =>
  treated.map((value, row) => value - control[row]!)

function chances(given: ArrayLike<number> | number, rows: number): (row: number) => number {
  const own = typeof given === 'number' ? [given] : Array.from(given)
  if (typeof given !== 'number' && own.length !== rows) {
    throw new RapportError(
      'uplift.propensities',
      `propensities must hold one number a row (${rows}), got ${own.length}`,
    )
  }
  const wrong = own.find((chance) => !(chance >= 0 && chance <= 1))
  if (wrong !== undefined) {
    throw new RapportError('uplift.propensities', `every propensity must be from 0 to 1, got ${wrong}`)
  }
  return (row) => own[own.length === 1 ? 0 : row]!
}
