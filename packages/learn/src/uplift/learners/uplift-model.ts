import type { BaseModel } from '../../base-learners/index.ts'

/** One model of outcomes with the treatment as a column. */
export interface SLearnerModel<Base = BaseModel> {
  readonly kind: 's-learner'
  readonly outcome: Base
  /** Whether columns times the treatment are columns too. */
  readonly interactions: boolean
}

/** Two models of outcomes. */
export interface TLearnerModel<Base = BaseModel> {
  readonly kind: 't-learner'
  readonly control: Base
  readonly treatment: Base
}

/** Two models of effects, weighted by the chance of treatment. */
export interface XLearnerModel<Base = BaseModel> {
  readonly kind: 'x-learner'
  /** Learned from customers of the control, whose treated outcomes were predicted; counts with the chance of treatment. */
  readonly controlEffect: Base
  readonly treatmentEffect: Base
  /** Mean chance of treatment in training. */
  readonly propensity: number
}

/** A model of effects, fitted to residuals. */
export interface RLearnerModel<Base = BaseModel> {
  readonly kind: 'r-learner'
  readonly effect: Base
}

/** A model of effects, fitted to doubly robust scores. */
export interface DrLearnerModel<Base = BaseModel> {
  readonly kind: 'dr-learner'
  readonly effect: Base
}

/** A model of who is where treating helped, or not treating did not hurt. */
export interface ClassTransformationModel<Base = BaseModel> {
  readonly kind: 'class-transformation'
  readonly transformed: Base
}

/** What the learners of uplift find; plain data where the base models are. */
export type UpliftModel<Base = BaseModel> =
  | SLearnerModel<Base>
  | TLearnerModel<Base>
  | XLearnerModel<Base>
  | RLearnerModel<Base>
  | DrLearnerModel<Base>
  | ClassTransformationModel<Base>
