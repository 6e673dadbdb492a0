import type { Matrix } from '@rapport/numerics'
import { linearScore } from './logistic-objective.ts'

/** Checked data of a fit with a logarithmic link. */
export interface DevianceProblem {
  /** `[n × d]` centred columns. */
  readonly data: Matrix & { readonly values: Float64Array }
  /** `[n]` each ≥ 0; above 0 when the power is 2. */
  readonly targets: Float64Array
  /** `[n]` each ≥ 0. */
  readonly weights: Float64Array
  /** `[n]` logarithm of each row's exposure. */
  readonly offsets: Float64Array
  /** 1 … 2: the variance is the mean to this power. */
  readonly power: number
  readonly penalty: number
}

/** Half the deviance at some coefficients, up to a constant of the targets, and its derivatives. */
export interface DeviancePoint {
  readonly objective: number
  /** `[d + 1]` */
  readonly gradient: Float64Array
  /** `[n]` second derivative by each row's score, ≥ 0. */
  readonly curvature: Float64Array
  /** `[n]` expected targets. */
  readonly expected: Float64Array
}

/**
 * Objective, gradient and row curvatures: Σ w ½ deviance + penalty / 2 Σ β², the intercept free.
 *
 * With the logarithm as link this is convex for every power from 1 to 2. Infinity where a mean overflows.
 */
export function deviancePoint(
  { data, targets, weights, offsets, power, penalty }: DevianceProblem,
  coefficients: Float64Array,
): DeviancePoint {
  const { rows, columns, values } = data
  const gradient = new Float64Array(columns + 1)
  const curvature = new Float64Array(rows)
  const expected = new Float64Array(rows)
  let objective = 0
  for (let row = 0; row < rows; row += 1) {
    const score = linearScore(values, row * columns, columns, coefficients) + offsets[row]!
    const weight = weights[row]!
    const target = targets[row]!
    expected[row] = Math.exp(score)
    if (weight === 0) continue
    // mean^(2 − power) and target × mean^(1 − power): the two parts of every derivative.
    const rising = Math.exp((2 - power) * score)
    const falling = target === 0 ? 0 : target * Math.exp((1 - power) * score)
    const residual = weight * (rising - falling)
    objective += weight * lossOf(power, score, rising, falling, target)
    curvature[row] = weight * ((2 - power) * rising + (power - 1) * falling)
    gradient[0]! += residual
    for (let column = 0; column < columns; column += 1) {
      gradient[column + 1]! += residual * values[row * columns + column]!
    }
  }
  for (let at = 1; at <= columns; at += 1) {
    objective += 0.5 * penalty * coefficients[at]! ** 2
    gradient[at]! += penalty * coefficients[at]!
  }
  return { objective, gradient, curvature, expected }
}

function lossOf(power: number, score: number, rising: number, falling: number, target: number): number {
  if (power === 1) return rising - target * score
  if (power === 2) return score + falling
  return rising / (2 - power) + falling / (power - 1)
}

/**
 * Deviance of a target from its mean: 0 where they are equal, above it elsewhere.
 *
 * Source: McCullagh & Nelder, "Generalized linear models", 2nd ed. 1989, §2.3; Jørgensen, "The theory of dispersion models",
 * 1997, §4.3 (powers between 1 and 2).
 */
export function devianceOf(power: number, target: number, mean: number): number {
  if (power === 1) return 2 * ((target === 0 ? 0 : target * Math.log(target / mean)) - target + mean)
  if (power === 2) return 2 * ((target - mean) / mean - Math.log(target / mean))
  const own = target ** (2 - power) / ((1 - power) * (2 - power))
  return 2 * (own - (target * mean ** (1 - power)) / (1 - power) + mean ** (2 - power) / (2 - power))
}
