import { checkFinite, columnOf, type Matrix, matrix, minimise, RapportError, type Work } from '@rapport/numerics'
import { checkedClasses } from './checked-classes.ts'
import { checkedWeights, checkStopping } from './checked-numbers.ts'
import { checkColumns } from './linear-scores.ts'
import { classScores, type MultinomialProblem, multinomialObjective, softmaxInPlace } from './multinomial-objective.ts'

export interface MultinomialOptions {
  /**
   * λ > 0: λ / 2 · Σ coefficient² over all classes is added to the summed log loss; intercepts are never penalised.
   * scikit-learn's C is 1 / λ. Default 1.
   */
  readonly penalty?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** Stop when no slope of the mean loss, a standard deviation of a column its unit, is larger. Default 1e-7. */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 1,000. */
  readonly roundsMax?: number
}

/** What `fitMultinomial` found. Plain data. */
export interface MultinomialModel {
  readonly kind: 'multinomial-logistic'
  /** `[classes]`, adding up to 0. */
  readonly intercepts: Float64Array
  /** `[classes × d]` change of a class's score per unit of each column; every column adds up to 0. */
  readonly coefficients: Matrix
  readonly penalty: number
  /** The minimised sum of weighted log loss and penalty. */
  readonly objective: number
  readonly rounds: number
  /** False when `roundsMax` came first: the coefficients are then not the optimum. */
  readonly converged: boolean
}

/**
 * Logistic regression with any number of classes, each with a score of its own (softmax).
 *
 * A penalty is needed: without one, scores could grow for ever where columns separate a class.
 *
 * @param data `[n × d]`, finite; scale columns so that one penalty suits all
 * @param labels `[n]` whole numbers 0 … K − 1, every one of them present with weight; K ≥ 2
 * @throws RapportError `multinomial.data`, `multinomial.missing`, `multinomial.labels`, `multinomial.classes`,
 *   `multinomial.weights`, `multinomial.penalty`, `multinomial.tolerance`, `multinomial.rounds`, `work.aborted`
 *
 * Cost: 2 n d K a round of L-BFGS, commonly 20 to 60, and a copy of the data.
 * Source: Hastie, Tibshirani & Friedman, "The elements of statistical learning", 2nd ed. 2009, §4.4 and §18.3.2.
 *
 * @example
 * fitMultinomial(matrixFromRows([[0], [1], [2]]), [0, 1, 2]).intercepts.length // 3
 */
export function fitMultinomial(
  data: Matrix,
  labels: ArrayLike<number>,
  options: MultinomialOptions = {},
  work?: Work,
): MultinomialModel {
  const { penalty = 1, tolerance = 1e-7, roundsMax = 1_000 } = options
  checkFinite('multinomial', data)
  if (!(penalty > 0 && penalty < Infinity)) {
    throw new RapportError('multinomial.penalty', `penalty must be finite and above 0, got ${penalty}`)
  }
  checkStopping('multinomial', tolerance, roundsMax)
  const weights = checkedWeights('multinomial', data.rows, options.weights)
  const classOf = checkedClasses('multinomial', data.rows, labels, weights)
  const classes = classOf.reduce((most, label) => Math.max(most, label + 1), 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scale = columnScales(data, weights, total)
  // On equal scales one step length suits all columns; the penalty stays that of the columns as they are.
  const problem: MultinomialProblem = {
    values: Float64Array.from(data.values, (value, at) => {
      const column = at % data.columns
      return (value - scale.means[column]!) / scale.spreads[column]!
    }),
    labels: classOf,
    weights,
    total,
    classes,
    penalties: scale.spreads.map((spread) => penalty / spread ** 2),
  }
  const start = new Float64Array(classes * (data.columns + 1))
  const found = minimise(
    multinomialObjective(problem),
    start,
    { gradientTolerance: tolerance, changeTolerance: 0, roundsMax, memory: 20 },
    work,
  )
  return {
    kind: 'multinomial-logistic',
    ...unscaled(found.point, classes, scale),
    penalty,
    objective: found.value * total,
    rounds: found.rounds,
    converged: found.gradientMax <= tolerance,
  }
}

/**
 * The probability of each class for each row, `[n × classes]`; a row adds up to 1.
 *
 * @param data `[n × d]` with the columns of training, finite
 * @throws RapportError `multinomial.columns` when d differs from training, `multinomial.missing`
 */
export function predictMultinomial({ intercepts, coefficients }: MultinomialModel, data: Matrix): Matrix {
  const d = coefficients.columns
  checkColumns('multinomial', d, data)
  if (data.rows > 0) checkFinite('multinomial', data)
  const classes = intercepts.length
  const joined = new Float64Array(classes * (d + 1))
  intercepts.forEach((intercept, k) => {
    joined[k * (d + 1)] = intercept
    joined.set(coefficients.values.subarray(k * d, (k + 1) * d), k * (d + 1) + 1)
  })
  const probabilities = new Float64Array(data.rows * classes)
  for (let row = 0; row < data.rows; row += 1) {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes)
    classScores(joined, data.values, row * d, d, scores)
    softmaxInPlace(scores, 0)
  }
  return matrix(data.rows, classes, probabilities)
}

interface ColumnScales {
  readonly means: Float64Array
  /** Standard deviations; Infinity for a constant column, which so becomes 0 and stays without a coefficient. */
  readonly spreads: Float64Array
}

function columnScales(data: Matrix, weights: Float64Array, total: number): ColumnScales {
  const means = new Float64Array(data.columns)
  const spreads = new Float64Array(data.columns)
  for (let column = 0; column < data.columns; column += 1) {
    const values = columnOf(data, column)
    const mean = values.reduce((sum, value, row) => sum + (weights[row]! / total) * value, 0)
    const variance = values.reduce((sum, value, row) => sum + (weights[row]! / total) * (value - mean) ** 2, 0)
    means[column] = mean
    spreads[column] = Math.sqrt(variance) > 1e-14 * Math.abs(mean) ? Math.sqrt(variance) : Infinity
  }
  return { means, spreads }
}

/** Coefficients of the columns as they are; adding a number to all classes changes nothing, so they are made to add up to 0. */
function unscaled(
  point: Float64Array,
  classes: number,
  { means, spreads }: ColumnScales,
): Pick<MultinomialModel, 'intercepts' | 'coefficients'> {
  const d = means.length
  const centred = point.slice()
  for (let at = 0; at <= d; at += 1) {
    let sum = 0
    for (let k = 0; k < classes; k += 1) sum += point[k * (d + 1) + at]!
    for (let k = 0; k < classes; k += 1) centred[k * (d + 1) + at]! -= sum / classes
  }
  const intercepts = new Float64Array(classes)
  const coefficients = new Float64Array(classes * d)
  for (let k = 0; k < classes; k += 1) {
    intercepts[k] = centred[k * (d + 1)]!
    for (let column = 0; column < d; column += 1) {
      const value = centred[k * (d + 1) + column + 1]! / spreads[column]!
      coefficients[k * d + column] = value
      intercepts[k]! -= value * means[column]!
    }
  }
  return { intercepts, coefficients: matrix(classes, d, coefficients) }
}
