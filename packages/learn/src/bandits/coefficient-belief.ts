import { cholesky, RapportError, solveCholesky } from '@rapport/numerics'

/** What is believed of one action's coefficients: a normal distribution. Plain data. */
export interface CoefficientBelief {
  /** `[d]` means. */
  readonly coefficients: Float64Array
  /** `[d × d]` inverse of their covariance, both triangles. */
  readonly precision: Float64Array
  /** `[d × d]` its Cholesky factor, kept because every choice needs it. */
  readonly lower: Float64Array
}

/** What came of decisions for one action. */
export interface ContextRewards {
  /** Each `[d]`, finite. */
  readonly contexts: readonly ArrayLike<number>[]
  readonly rewards: readonly number[]
  readonly weights: readonly number[]
}

/** Coefficients of 0 with variance 1 / penalty each. */
export function startBelief(d: number, penalty: number): CoefficientBelief {
  const diagonal = (value: number): Float64Array =>
    Float64Array.from({ length: d * d }, (_, at) => (at % (d + 1) === 0 ? value : 0))
  return { coefficients: new Float64Array(d), precision: diagonal(penalty), lower: diagonal(Math.sqrt(penalty)) }
}

/** x · coefficients, and the standard deviation that the belief leaves it. */
export function scoreOf(
  { coefficients, lower }: CoefficientBelief,
  context: ArrayLike<number>,
): { mean: number; spread: number } {
  const d = coefficients.length
  const solved = new Float64Array(d)
  let mean = 0
  let square = 0
  for (let row = 0; row < d; row += 1) {
    mean += coefficients[row]! * context[row]!
    // L z = x by forward substitution; |z|² is then xᵀ A⁻¹ x.
    let left = context[row]!
    for (let at = 0; at < row; at += 1) left -= lower[row * d + at]! * solved[at]!
    solved[row] = left / lower[row * d + row]!
    square += solved[row]! ** 2
  }
  return { mean, spread: Math.sqrt(square) }
}

/** The belief after rewards that are linear in the context with noise of variance 1: ridge regression, row by row or at once. */
export function learnLinear(belief: CoefficientBelief, seen: ContextRewards): CoefficientBelief {
  const { coefficients, precision } = belief
  const right = times(precision, coefficients)
  seen.contexts.forEach((context, row) => {
    for (let at = 0; at < right.length; at += 1) right[at]! += seen.weights[row]! * seen.rewards[row]! * context[at]!
  })
  const next = addSquares(precision, seen, (row) => seen.weights[row]!)
  const factor = factorOf(next, coefficients.length)
  return { coefficients: solveCholesky(factor, right), precision: next, lower: factor.lower }
}

const stepsMax = 100

/**
 * The belief after rewards of 0 and 1 whose log odds are linear in the context: the most probable coefficients by Newton's
 * method, and the curvature there (Laplace's approximation).
 */
export function learnLogistic(belief: CoefficientBelief, seen: ContextRewards): CoefficientBelief {
  const d = belief.coefficients.length
  let coefficients = belief.coefficients
  let loss = lossAt(belief, seen, coefficients)
  for (let step = 0; step < stepsMax; step += 1) {
    const chances = seen.contexts.map((context) => sigmoid(dot(coefficients, context)))
    const gradient = times(
      belief.precision,
      coefficients.map((value, at) => value - belief.coefficients[at]!),
    )
    seen.contexts.forEach((context, row) => {
      const surprise = seen.weights[row]! * (chances[row]! - seen.rewards[row]!)
      for (let at = 0; at < d; at += 1) gradient[at]! += surprise * context[at]!
    })
    const factor = factorOf(curvatureAt(belief, seen, chances), d)
    const direction = solveCholesky(factor, gradient)
    const decrement = dot(direction, gradient)
    const next = stepBack(belief, seen, coefficients, direction, loss)
    if (next === undefined) break
    ;({ coefficients, loss } = next)
    // The square of the distance in standard deviations of the belief; the step just taken squares it once more.
    if (decrement < 1e-14) break
  }
  const chances = seen.contexts.map((context) => sigmoid(dot(coefficients, context)))
  const precision = curvatureAt(belief, seen, chances)
  return { coefficients, precision, lower: factorOf(precision, d).lower }
}

/** Half a step again and again until the loss falls; undefined when it falls no more. */
function stepBack(
  belief: CoefficientBelief,
  seen: ContextRewards,
  coefficients: Float64Array,
  direction: Float64Array,
  loss: number,
): { coefficients: Float64Array; loss: number } | undefined {
  for (let share = 1; share > 1e-9; share /= 2) {
    const next = coefficients.map((value, at) => value - share * direction[at]!)
    const lower = lossAt(belief, seen, next)
    if (lower < loss) return { coefficients: next, loss: lower }
  }
  return undefined
}

function lossAt(belief: CoefficientBelief, seen: ContextRewards, coefficients: Float64Array): number {
  const moved = coefficients.map((value, at) => value - belief.coefficients[at]!)
  let loss = 0.5 * dot(moved, times(belief.precision, moved))
  seen.contexts.forEach((context, row) => {
    const score = dot(coefficients, context)
    const softplus = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)))
    loss += seen.weights[row]! * (softplus - seen.rewards[row]! * score)
  })
  return loss
}

const curvatureAt = (
  { precision }: CoefficientBelief,
  seen: ContextRewards,
  chances: readonly number[],
): Float64Array => addSquares(precision, seen, (row) => seen.weights[row]! * chances[row]! * (1 - chances[row]!))

function addSquares(
  precision: Float64Array,
  { contexts }: ContextRewards,
  weightOf: (row: number) => number,
): Float64Array {
  const next = precision.slice()
  contexts.forEach((context, row) => {
    const weight = weightOf(row)
    const d = context.length
    for (let one = 0; one < d; one += 1) {
      for (let other = 0; other < d; other += 1) next[one * d + other]! += weight * context[one]! * context[other]!
    }
  })
  return next
}

function factorOf(precision: Float64Array, d: number): { size: number; lower: Float64Array } {
  // The prior keeps every pivot at its penalty or above; only values beyond all range can break that.
  const factor = cholesky(precision, d, 0)
  if (factor) return factor
  throw new RapportError('bandit.context', 'contexts must be of a size that can be squared and added: scale them')
}

const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score))

function dot(left: Float64Array, right: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < left.length; at += 1) sum += left[at]! * right[at]!
  return sum
}

function times(square: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length
  return vector.map((_, row) => dot(square.subarray(row * d, (row + 1) * d), vector))
}
