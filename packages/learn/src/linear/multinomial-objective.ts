import type { Objective } from '@rapport/numerics'

/** Checked data of a multinomial fit, columns at mean 0 and deviation 1. */
export interface MultinomialProblem {
  /** `[n × d]` */
  readonly values: Float64Array
  /** `[n]` 0 … classes − 1. */
  readonly labels: Int32Array
  /** `[n]` each ≥ 0. */
  readonly weights: Float64Array
  /** Sum of the weights. */
  readonly total: number
  readonly classes: number
  /** `[d]` λ on half the square of each column's coefficients. */
  readonly penalties: Float64Array
}

/**
 * Mean penalised log loss of a softmax, with its gradient.
 *
 * The point holds a row of d + 1 numbers a class, the intercept first.
 *
 * Cost: 2 n d K multiplications and n K exponentials an evaluation.
 */
export function multinomialObjective(problem: MultinomialProblem): Objective {
  const { values, labels, weights, total, classes, penalties } = problem
  const d = penalties.length
  const scores = new Float64Array(classes)
  return (point, gradient) => {
    gradient.fill(0)
    let loss = 0
    for (let row = 0; row < labels.length; row += 1) {
      const weight = weights[row]! / total
      if (weight === 0) continue
      const from = row * d
      classScores(point, values, from, d, scores)
      loss += weight * softmaxInPlace(scores, labels[row]!)
      for (let k = 0; k < classes; k += 1) {
        const residual = weight * (scores[k]! - (labels[row] === k ? 1 : 0))
        const at = k * (d + 1)
        gradient[at]! += residual
        for (let column = 0; column < d; column += 1) gradient[at + column + 1]! += residual * values[from + column]!
      }
    }
    for (let k = 0; k < classes; k += 1) {
      for (let column = 0; column < d; column += 1) {
        const at = k * (d + 1) + column + 1
        loss += (0.5 * penalties[column]! * point[at]! ** 2) / total
        gradient[at]! += (penalties[column]! * point[at]!) / total
      }
    }
    return loss
  }
}

/** Writes intercept + x · coefficients of each class for the row that begins at `from`. */
export function classScores(
  coefficients: Float64Array,
  values: Float64Array | Float32Array,
  from: number,
  d: number,
  scores: Float64Array,
): void {
  for (let k = 0, at = 0; k < scores.length; k += 1) {
    let sum = coefficients[at]!
    at += 1
    for (let column = 0; column < d; column += 1, at += 1) sum += coefficients[at]! * values[from + column]!
    scores[k] = sum
  }
}

/**
 * Scores become probabilities that add up to 1, without overflow.
 *
 * @returns −log of the probability of class `label`
 */
export function softmaxInPlace(scores: Float64Array, label: number): number {
  let largest = -Infinity
  for (const score of scores) largest = Math.max(largest, score)
  const own = scores[label]! - largest
  let sum = 0
  for (let k = 0; k < scores.length; k += 1) {
    scores[k] = Math.exp(scores[k]! - largest)
    sum += scores[k]!
  }
  for (let k = 0; k < scores.length; k += 1) scores[k]! /= sum
  return Math.log(sum) - own
}
