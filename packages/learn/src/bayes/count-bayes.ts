import { checkMatrix, type Matrix, matrix, RapportError, type SparseMatrix } from '@rapport/numerics'
import {
  type BayesOptions,
  type BernoulliBayesModel,
  checkSmoothing,
  classedRows,
  type MultinomialBayesModel,
} from './bayes-model.ts'
import { checkCounts, eachEntry } from './count-rows.ts'

export interface CountBayesOptions extends BayesOptions {
  /** Added to every count, so that what a class never showed is unlikely and not impossible (Laplace's rule). Default 1. */
  readonly smoothing?: number
}

/**
 * Naive Bayes for counts: words of a message, products of a basket.
 *
 * @param data `[n × d]` dense or sparse, finite and ≥ 0
 * @param labels `[n]` whole numbers 0 … K − 1, every one of them present with weight; K ≥ 2
 * @throws RapportError `multinomial-bayes.data`, `.missing`, `.negative`, `.labels`, `.classes`, `.weights`, `.priors`, `.smoothing`
 *
 * Cost: one pass over the stored values.
 * Source: Manning, Raghavan & Schütze, "Introduction to information retrieval", 2008, §13.2.
 */
export function fitMultinomialBayes(
  data: Matrix | SparseMatrix,
  labels: ArrayLike<number>,
  options: CountBayesOptions = {},
): MultinomialBayesModel {
  const { counts, classes, columns, smoothing, logPriors } = countClasses(
    'multinomial-bayes',
    data,
    labels,
    options,
    (value) => value,
  )
  const logShares = new Float64Array(counts.length)
  for (let k = 0; k < classes; k += 1) {
    const own = counts.subarray(k * columns, (k + 1) * columns)
    const total = own.reduce((sum, count) => sum + count + smoothing, 0)
    logShares.set(
      own.map((count) => Math.log((count + smoothing) / total)),
      k * columns,
    )
  }
  return { kind: 'multinomial-bayes', logPriors, logShares: matrix(classes, columns, logShares) }
}

/**
 * Naive Bayes for what is present or absent: a value above 0 is present, and absence speaks too.
 *
 * @throws RapportError as `fitMultinomialBayes`, with codes of `bernoulli-bayes`
 *
 * Cost: one pass over the stored values.
 * Source: Manning, Raghavan & Schütze, "Introduction to information retrieval", 2008, §13.3.
 */
export function fitBernoulliBayes(
  data: Matrix | SparseMatrix,
  labels: ArrayLike<number>,
  options: CountBayesOptions = {},
): BernoulliBayesModel {
  const presence = (value: number): number => (value > 0 ? 1 : 0)
  const found = countClasses('bernoulli-bayes', data, labels, options, presence)
  const { counts, classes, columns, smoothing, totals, logPriors } = found
  const share = (count: number, at: number): number =>
    Math.log((count + smoothing) / (totals[Math.floor(at / columns)]! + 2 * smoothing))
  return {
    kind: 'bernoulli-bayes',
    logPriors,
    logPresent: matrix(classes, columns, counts.map(share)),
    logAbsent: matrix(
      classes,
      columns,
      counts.map((count, at) => share(Math.max(0, totals[Math.floor(at / columns)]! - count), at)),
    ),
  }
}

interface ClassCounts {
  /** `[classes × d]` weighted sums. */
  readonly counts: Float64Array
  readonly classes: number
  readonly columns: number
  readonly smoothing: number
  /** `[classes]` weight of each class. */
  readonly totals: Float64Array
  readonly logPriors: Float64Array
}

function countClasses(
  method: string,
  data: Matrix | SparseMatrix,
  given: ArrayLike<number>,
  options: CountBayesOptions,
  countOf: (value: number) => number,
): ClassCounts {
  const { smoothing = 1 } = options
  checkMatrix(method, data)
  const { columns } = data
  if (data.rows === 0 || columns === 0) {
    throw new RapportError(
      `${method}.data`,
      `data must have at least one row and one column, got ${data.rows} × ${columns}`,
    )
  }
  checkCounts(method, data)
  checkSmoothing(method, smoothing)
  const { labels, weights, totals, logPriors } = classedRows(method, data.rows, given, options)
  const counts = new Float64Array(totals.length * columns)
  eachEntry(data, (row, column, value) => {
    counts[labels[row]! * columns + column]! += weights[row]! * countOf(value)
  })
  return { counts, classes: totals.length, columns, smoothing, totals, logPriors }
}
