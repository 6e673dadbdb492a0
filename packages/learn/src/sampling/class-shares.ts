import { type Matrix, matrix, RapportError } from '@rapport/numerics'

/** The shares of classes in the world and in what a model was trained on. Plain data: save it beside the model. */
export interface PriorShift {
  readonly kind: 'prior-shift'
  /** `[classes]` before resampling or weighting; add up to 1. */
  readonly actual: Float64Array
  /** `[classes]` after it. */
  readonly trained: Float64Array
}

/** @param actual `[classes]` weight of each class before */
export function priorShift(actual: Float64Array, trained: Float64Array): PriorShift {
  return { kind: 'prior-shift', actual: sharesOf(actual), trained: sharesOf(trained) }
}

/**
 * Brings the probabilities of a model that was trained on resampled or weighted rows back to the world's shares of classes.
 * Order does not change, so ranking metrics do not either; without this, balanced training says 50 % where 5 % is true.
 *
 * Exact where the model's probabilities are right for the rows it was trained on. Check the outcome with a calibration curve, and
 * calibrate on rows not resampled where it is off.
 *
 * @param probabilities `[n]` of class 1 of two, each 0 … 1
 * @returns `[n]` 0 … 1
 * @throws RapportError `prior-shift.classes` when there are more than two, `prior-shift.probability`
 *
 * Source: Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, theorem 2; Saerens, Latinne & Decaestecker,
 * "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation 14(1), 2002.
 *
 * @example
 * const { prior } = resampleClasses(data, labels, { method: 'under', seed: 1 })
 * correctPrior(prior, [0.5])[0] // the share of class 1 among labels
 */
export function correctPrior(shift: PriorShift, probabilities: ArrayLike<number>): Float64Array {
  if (shift.actual.length !== 2) {
    throw new RapportError('prior-shift.classes', `there must be two classes, got ${shift.actual.length}`)
  }
  const [ofNone, ofOne] = factors(shift)
  return Float64Array.from(probabilities, (probability) => {
    checkProbability(probability)
    const one = probability * ofOne!
    return one / (one + (1 - probability) * ofNone!)
  })
}

/**
 * As `correctPrior`, for several classes.
 *
 * @param probabilities `[n × classes]`, each row adding up to 1
 * @throws RapportError `prior-shift.columns`, `prior-shift.probability`
 */
export function correctClassPriors(shift: PriorShift, probabilities: Matrix): Matrix {
  const { rows, columns } = probabilities
  if (columns !== shift.actual.length) {
    throw new RapportError('prior-shift.columns', `there must be ${shift.actual.length} columns, got ${columns}`)
  }
  const factor = factors(shift)
  const values = Float64Array.from(probabilities.values, (probability, at) => {
    checkProbability(probability)
    return probability * factor[at % columns]!
  })
  for (let row = 0; row < rows; row += 1) {
    const own = values.subarray(row * columns, (row + 1) * columns)
    const total = own.reduce((sum, value) => sum + value, 0)
    own.forEach((value, at) => {
      own[at] = value / total
    })
  }
  return matrix(rows, columns, values)
}

const factors = ({ actual, trained }: PriorShift): Float64Array => actual.map((share, at) => share / trained[at]!)

function checkProbability(probability: number): void {
  if (probability >= 0 && probability <= 1) return
  throw new RapportError('prior-shift.probability', `every probability must be from 0 to 1, got ${probability}`)
}

function sharesOf(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
