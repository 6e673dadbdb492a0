import { type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkedMetricWeights, checkedNumbers } from '../linear/checked-numbers.ts'
import { balancedAccuracyOf, kappaOf, matthewsOf } from './agreement.ts'
import { defined, type Metric, type MetricOptions, missing } from './metric.ts'

export interface ClassAgreementOptions extends MetricOptions {
  /** Number of classes, more than the largest that occurs. Default: one more than the largest that occurs. */
  readonly classes?: number
}

/** How one class fared. */
export interface ClassQuality {
  /** Share of those called so that are. */
  readonly precision: Metric
  /** Share of the class that is called so. */
  readonly recall: Metric
  readonly f1: Metric
}

/** How well called classes agree with actual ones. */
export interface ClassAgreement {
  /** `[classes × classes]` weight of rows; a row an actual class, a column a called one. */
  readonly table: Matrix
  readonly byClass: readonly ClassQuality[]
  /** Share of rows called what they are. */
  readonly accuracy: Metric
  /** Mean recall of the classes that occur: 1 / classes for a guess, however rare the classes. */
  readonly balancedAccuracy: Metric
  /** Mean F1 of the classes that occur or are called. */
  readonly macroF1: Metric
  /** Cohen's kappa: agreement beyond that of two independent columns with the same shares; 0 by chance, 1 at best. */
  readonly kappa: Metric
  /** Matthews' correlation of the two columns, −1 … 1; `constant` when one of them has one class. */
  readonly matthews: Metric
}

/**
 * Compares called classes with actual ones, for any number of classes.
 *
 * @param called `[n]` whole numbers ≥ 0
 * @param actual `[n]` whole numbers ≥ 0
 * @throws RapportError `class-agreement.called`, `.actual`, `.weights`, `.classes`
 *
 * Source: Cohen, "A coefficient of agreement for nominal scales", 1960; Gorodkin, "Comparing two K-category assignments by
 * a K-category correlation coefficient", Comput. Biol. Chem. 28, 2004. As scikit-learn's metrics, which give 0 where these
 * have no value.
 *
 * @example
 * classAgreement([0, 1, 2, 2], [0, 1, 1, 2]).balancedAccuracy // { defined: true, value: 0.8333333333333334 }
 */
export function classAgreement(
  called: ArrayLike<number>,
  actual: ArrayLike<number>,
  { weights, classes }: ClassAgreementOptions = {},
): ClassAgreement {
  const rows = actual.length
  const columns = [checkedClasses('called', rows, called), checkedClasses('actual', rows, actual)] as const
  const given = weights && checkedMetricWeights('class-agreement', rows, weights)
  const most = columns.reduce((largest, column) => column.reduce((one, value) => Math.max(one, value), largest), -1) + 1
  const count = classes ?? most
  if (!Number.isInteger(count) || count < most) {
    throw new RapportError('class-agreement.classes', `classes must be a whole number ≥ ${most}, got ${count}`)
  }
  const table = matrix(count, count)
  for (let row = 0; row < rows; row += 1) {
    table.values[columns[1][row]! * count + columns[0][row]!]! += given ? given[row]! : 1
  }
  const { values } = table
  let [total, right] = [0, 0]
  for (const weight of values) total += weight
  const byClass = Array.from({ length: count }, (_, own) => {
    right += values[own * count + own]!
    return qualityOf(values, count, own, total)
  })
  const scores = byClass.flatMap(({ f1 }) => (f1.defined ? [f1.value] : []))
  return {
    table,
    byClass,
    accuracy: total > 0 ? defined(right / total) : missing('no-rows'),
    balancedAccuracy: balancedAccuracyOf(values, count),
    macroF1: total > 0 ? defined(scores.reduce((sum, value) => sum + value / scores.length, 0)) : missing('no-rows'),
    kappa: kappaOf(values, count),
    matthews: matthewsOf(values, count),
  }
}

function qualityOf(values: ArrayLike<number>, count: number, own: number, total: number): ClassQuality {
  const hits = values[own * count + own]!
  let [occurs, calls] = [0, 0]
  for (let other = 0; other < count; other += 1) {
    occurs += values[own * count + other]!
    calls += values[other * count + own]!
  }
  const share = (part: number, of: number, because: 'one-class' | 'no-predicted-positives'): Metric =>
    of > 0 ? defined(part / of) : missing(total > 0 ? because : 'no-rows')
  return {
    precision: share(hits, calls, 'no-predicted-positives'),
    recall: share(hits, occurs, 'one-class'),
    f1: share(2 * hits, occurs + calls, 'one-class'),
  }
}

function checkedClasses(name: 'called' | 'actual', rows: number, values: ArrayLike<number>): Float64Array {
  const checked = checkedNumbers('class-agreement', name, rows, values, 0)
  const wrong = checked.findIndex((value) => !Number.isInteger(value))
  if (wrong >= 0) {
    throw new RapportError(
      `class-agreement.${name}`,
      `${name} must be whole numbers, got ${checked[wrong]} at row ${wrong}`,
    )
  }
  return checked
}
