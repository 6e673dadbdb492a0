import { type Matrix, RapportError } from '@rapport/numerics'
import { checkedClasses } from '../linear/checked-classes.ts'
import { checkedWeights } from '../linear/checked-numbers.ts'

/** What the three kinds have in common. */
export interface BayesOptions {
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** `[classes]` chances of the classes before a row is seen, above 0 and adding up to 1. Default: their shares. */
  readonly priors?: ArrayLike<number>
}

/** Columns as normal within each class. Plain data. */
export interface GaussianBayesModel {
  readonly kind: 'gaussian-bayes'
  /** `[classes]` */
  readonly logPriors: Float64Array
  /** `[classes × d]` */
  readonly means: Matrix
  /** `[classes × d]` above 0. */
  readonly variances: Matrix
}

/** Rows as draws of words, baskets as draws of products. Plain data. */
export interface MultinomialBayesModel {
  readonly kind: 'multinomial-bayes'
  /** `[classes]` */
  readonly logPriors: Float64Array
  /** `[classes × d]` logarithm of each column's share of a class's counts. */
  readonly logShares: Matrix
}

/** Columns as present or absent. Plain data. */
export interface BernoulliBayesModel {
  readonly kind: 'bernoulli-bayes'
  /** `[classes]` */
  readonly logPriors: Float64Array
  /** `[classes × d]` logarithm of the share of a class's rows with the column present, and absent. */
  readonly logPresent: Matrix
  readonly logAbsent: Matrix
}

export type BayesModel = GaussianBayesModel | MultinomialBayesModel | BernoulliBayesModel

/** Rows of training as checked at the door. */
export interface ClassedRows {
  readonly labels: Int32Array
  readonly weights: Float64Array
  /** `[classes]` weight of each. */
  readonly totals: Float64Array
  readonly logPriors: Float64Array
}

/** @throws RapportError `<method>.labels`, `<method>.classes`, `<method>.weights`, `<method>.priors` */
export function classedRows(
  method: string,
  rows: number,
  given: ArrayLike<number>,
  { weights: givenWeights, priors }: BayesOptions,
): ClassedRows {
  const weights = checkedWeights(method, rows, givenWeights)
  const labels = checkedClasses(method, rows, given, weights)
  const totals = new Float64Array(labels.reduce((most, label) => Math.max(most, label + 1), 0))
  labels.forEach((label, row) => {
    totals[label]! += weights[row]!
  })
  const total = totals.reduce((sum, value) => sum + value, 0)
  const shares = priors === undefined ? totals.map((value) => value / total) : checkedPriors(method, priors, totals)
  return { labels, weights, totals, logPriors: shares.map(Math.log) }
}

function checkedPriors(method: string, priors: ArrayLike<number>, totals: Float64Array): Float64Array {
  const shares = Float64Array.from(priors)
  const sum = shares.reduce((added, prior) => (prior > 0 ? added + prior : Number.NaN), 0)
  if (shares.length !== totals.length || !(Math.abs(sum - 1) < 1e-9)) {
    throw new RapportError(
      `${method}.priors`,
      `priors must be above 0, one a class (${totals.length}), and add up to 1, got ${shares.length} that add up to ${sum}`,
    )
  }
  return shares
}

/** @throws RapportError `<method>.smoothing` when it is not finite and above 0 */
export function checkSmoothing(method: string, smoothing: number): void {
  if (!(smoothing > 0 && smoothing < Infinity)) {
    throw new RapportError(`${method}.smoothing`, `smoothing must be finite and above 0, got ${smoothing}`)
  }
}
