import { checkSquarable, type Matrix, matrix, RapportError } from '@rapport/numerics'
import { checkNotInfinite } from '../preparation/scaling.ts'
import {
  type BayesOptions,
  type ClassedRows,
  checkSmoothing,
  classedRows,
  type GaussianBayesModel,
} from './bayes-model.ts'

export interface GaussianBayesOptions extends BayesOptions {
  /** Added to every variance, as a share of the largest column's; keeps columns that are constant in a class in hand. Default 1e-9. */
  readonly smoothing?: number
}

/**
 * Naive Bayes for numbers: each column normal within each class, and independent of the others there.
 *
 * @param data `[n × d]`, finite or NaN; missing values are left out, in training and later
 * @param labels `[n]` whole numbers 0 … K − 1, every one of them present with weight; K ≥ 2
 * @throws RapportError `gaussian-bayes.data`, `.infinite`, `.range`, `.labels`, `.classes`, `.weights`, `.priors`, `.smoothing`,
 *   `.missing` (a column has no value in some class), `.constant` (no column varies)
 *
 * Cost: two passes over the data.
 * Source: Hastie, Tibshirani & Friedman, "The elements of statistical learning", 2nd ed. 2009, §6.6.3.
 *
 * @example
 * predictBayes(fitGaussianBayes(matrixFromRows([[0], [1], [9], [10]]), [0, 0, 1, 1]), matrixFromRows([[8]])).values[1] // 1
 */
export function fitGaussianBayes(
  data: Matrix,
  labels: ArrayLike<number>,
  options: GaussianBayesOptions = {},
): GaussianBayesModel {
  const { smoothing = 1e-9 } = options
  checkNotInfinite('gaussian-bayes', data)
  checkSquarable('gaussian-bayes', data)
  checkSmoothing('gaussian-bayes', smoothing)
  const classed = classedRows('gaussian-bayes', data.rows, labels, options)
  const classes = classed.totals.length
  const { means, variances } = momentsOf(data, classed.labels, classed.weights, classes)
  const absent = means.findIndex(Number.isNaN)
  if (absent >= 0) {
    throw new RapportError(
      'gaussian-bayes.missing',
      `every column must have a value in every class, column ${absent % data.columns} has none in class ${Math.floor(absent / data.columns)}`,
    )
  }
  const floor = smoothing * largestVariance(data, classed)
  if (!(floor > 0)) {
    throw new RapportError('gaussian-bayes.constant', 'at least one column must vary, got none that does')
  }
  return {
    kind: 'gaussian-bayes',
    logPriors: classed.logPriors,
    means: matrix(classes, data.columns, means),
    variances: matrix(
      classes,
      data.columns,
      variances.map((variance) => variance + floor),
    ),
  }
}

interface Moments {
  /** `[groups × d]`; NaN for a column without a value in the group. */
  readonly means: Float64Array
  readonly variances: Float64Array
}

function largestVariance(data: Matrix, { weights }: ClassedRows): number {
  const { variances } = momentsOf(data, new Int32Array(data.rows), weights, 1)
  return variances.reduce((most, variance) => Math.max(most, variance), 0)
}

/** Weighted means and variances of each column within each group, in two passes so that large means cost no digits. */
function momentsOf(
  { rows, columns, values }: Matrix,
  groups: Int32Array,
  weights: Float64Array,
  count: number,
): Moments {
  const totals = new Float64Array(count * columns)
  const means = new Float64Array(count * columns)
  const variances = new Float64Array(count * columns)
  const each = (visit: (place: number, value: number, weight: number) => void): void => {
    for (let row = 0, at = 0; row < rows; row += 1) {
      const from = groups[row]! * columns
      for (let column = 0; column < columns; column += 1, at += 1) {
        if (!Number.isNaN(values[at]!)) visit(from + column, values[at]!, weights[row]!)
      }
    }
  }
  each((place, value, weight) => {
    totals[place]! += weight
    means[place]! += weight * value
  })
  for (let place = 0; place < means.length; place += 1) means[place]! /= totals[place]!
  each((place, value, weight) => {
    variances[place]! += (weight / totals[place]!) * (value - means[place]!) ** 2
  })
  return { means, variances }
}
