import { checkedClasses } from '../linear/checked-classes.ts'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { type PriorShift, priorShift } from './class-shares.ts'

/** Weights that make classes count alike. */
export interface ClassWeights {
  /** `[classes]` rows / (classes · rows of the class) */
  readonly perClass: Float64Array
  /** `[n]` each row's own weight times that of its class: for the `weights` of any fit. */
  readonly rows: Float64Array
  /** For `correctPrior` of what a model trained with them predicts. */
  readonly prior: PriorShift
}

/**
 * Weights under which every class counts alike: cheaper than resampling, loses no row and draws none twice.
 *
 * @param labels `[n]` whole numbers 0 … K − 1, every one present; K ≥ 2
 * @param weights `[n]` each ≥ 0. Default all 1
 * @throws RapportError `class-weights.labels`, `class-weights.classes`, `class-weights.weights`
 *
 * Cost: O(n). As scikit-learn's `class_weight="balanced"`.
 *
 * @example
 * classWeights([0, 0, 0, 1]).perClass // Float64Array [0.667, 2]
 */
export function classWeights(labels: ArrayLike<number>, weights?: ArrayLike<number>): ClassWeights {
  const given = checkedWeights('class-weights', labels.length, weights)
  const classes = checkedClasses('class-weights', labels.length, labels, given)
  const totals = new Float64Array(classes.reduce((most, label) => Math.max(most, label + 1), 0))
  let total = 0
  classes.forEach((label, row) => {
    totals[label]! += given[row]!
    total += given[row]!
  })
  const perClass = totals.map((own) => total / (totals.length * own))
  return {
    perClass,
    rows: given.map((weight, row) => weight * perClass[classes[row]!]!),
    prior: priorShift(
      totals,
      totals.map(() => 1),
    ),
  }
}
