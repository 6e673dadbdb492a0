import { checkMatrix, type Matrix, RapportError } from '@rapport/numerics'
import { checkedNumbers } from '../linear/checked-numbers.ts'
import { type ArmOutcomes, type CheckedArms, checkedArms } from './arm-outcomes.ts'

/** Customers of an experiment as they were before it, and what came of them. */
export interface TrialRows extends ArmOutcomes {
  /** `[n × d]` known before treating; NaN is missing where the base learner takes it. */
  readonly data: Matrix
  /**
   * The chance with which each customer was treated, as it was logged when the decision was made: `[n]`, or one number for
   * all. Default: everybody had the same chance, the share of the treated.
   */
  readonly propensities?: ArrayLike<number> | number
}

/** The same, checked. */
export interface CheckedTrial extends CheckedArms {
  readonly data: Matrix
  /** `[n]` the chance of treatment. */
  readonly propensities: Float64Array
  /** Where the chances come from: the share of the treated, or what was logged. */
  readonly source: 'share' | 'logged'
}

/** @throws RapportError `uplift.data`, `uplift.treated`, `uplift.outcomes`, `uplift.weights`, `uplift.propensities` */
export function checkedTrial({ data, ...outcomes }: TrialRows): CheckedTrial {
  checkMatrix('uplift', data)
  if (data.rows === 0 || data.columns === 0) {
    throw new RapportError(
      'uplift.data',
      `data must have at least one row and one column, got ${data.rows} × ${data.columns}`,
    )
  }
  return { ...checkedOutcomes(data.rows, outcomes), data }
}

/** The same of what came of the customers alone. */
export function checkedOutcomes(
  rows: number,
  { propensities, ...outcomes }: Omit<TrialRows, 'data'>,
): Omit<CheckedTrial, 'data'> {
  const arms = checkedArms('uplift', rows, outcomes)
  return {
    ...arms,
    propensities: checkedPropensities(arms, propensities),
    source: propensities === undefined ? 'share' : 'logged',
  }
}

function checkedPropensities(arms: CheckedArms, given: TrialRows['propensities']): Float64Array {
  if (given === undefined) return new Float64Array(arms.rows).fill(treatedShare(arms))
  const propensities =
    typeof given === 'number'
      ? new Float64Array(arms.rows).fill(given)
      : checkedNumbers('uplift', 'propensities', arms.rows, given)
  const wrong = propensities.findIndex((chance) => !(chance >= 0 && chance <= 1))
  if (wrong >= 0) {
    throw new RapportError(
      'uplift.propensities',
      `every propensity must be from 0 to 1, got ${propensities[wrong]} at row ${wrong}`,
    )
  }
  return propensities
}

function treatedShare({ treated, weights }: CheckedArms): number {
  let treatedWeight = 0
  let all = 0
  for (let row = 0; row < treated.length; row += 1) {
    all += weights[row]!
    treatedWeight += weights[row]! * treated[row]!
  }
  return treatedWeight / all
}
