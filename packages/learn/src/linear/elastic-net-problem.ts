import { cholesky, columnOf, type Matrix, RapportError, solveCholesky } from '@rapport/numerics'
import { type CentredColumns, centreColumns, centredProducts } from './centred-columns.ts'
import { columnQuadratic, descendCoordinates, gramQuadratic, type Quadratic } from './coordinate-descent.ts'
import { dot } from './curvature-memory.ts'

/** Above this many columns a gram matrix costs more than it saves. */
const columnsMaxForGram = 1000

/** Centred and weighted data of an elastic net: what every penalty of a path shares. */
export interface ElasticNetProblem {
  readonly centred: CentredColumns
  /** Σ w (y − mean)². */
  readonly spread: number
  /** `[d]` Σ w x y of centred columns. */
  readonly right: Float64Array
  readonly quadraticAt: (coefficients: Float64Array) => Quadratic
  /** The minimum with a quadratic penalty `l2` alone. */
  readonly ridge: (l2: number) => Float64Array
}

export interface ElasticNetSolution {
  readonly coefficients: Float64Array
  readonly rounds: number
  /** Upper bound of how far the objective lies above its minimum, as a share of `spread`. */
  readonly gap: number
  readonly converged: boolean
}

export function elasticNetProblem(data: Matrix, targets: Float64Array, weights: Float64Array): ElasticNetProblem {
  const centred = centreColumns(data, targets, weights)
  if (data.columns <= Math.min(columnsMaxForGram, data.rows)) {
    const { gram, right, spread } = centredProducts(centred, weights)
    return {
      centred,
      spread,
      right,
      quadraticAt: (coefficients) => gramQuadratic(gram, right, coefficients),
      ridge: (l2) => solveRidge(gram, right, l2),
    }
  }
  const roots = weights.map(Math.sqrt)
  const scaled = Array.from({ length: data.columns + 1 }, (_, column) =>
    columnOf(centred.centred, column).map((value, row) => value * roots[row]!),
  )
  const columns = scaled.slice(0, -1)
  const last = scaled.at(-1)!
  return {
    centred,
    spread: dot(last, last),
    right: Float64Array.from(columns, (column) => dot(column, last)),
    quadraticAt: (coefficients) => columnQuadratic(columns, last, coefficients),
    ridge: (l2) => {
      const { gram, right } = centredProducts(centred, weights)
      return solveRidge(gram, right, l2)
    },
  }
}

function solveRidge(gram: Float64Array, right: Float64Array, l2: number): Float64Array {
  const penalised = gram.slice()
  for (let at = 0; at < penalised.length; at += right.length + 1) penalised[at]! += l2
  const factor = cholesky(penalised, right.length, 1e-12)
  if (factor === undefined) {
    throw new RapportError(
      'elastic-net.dependent',
      'columns must be independent of each other and not constant when penalty is 0, got some that are not: drop them or set a penalty above 0',
    )
  }
  return solveCholesky(factor, right)
}

/**
 * The minimum of ½ Σ w error² + l1 Σ |β| + l2 / 2 Σ β².
 *
 * Coordinate descent until the coefficients stand still and the duality gap proves that they may; by Cholesky when l1 is 0.
 *
 * @param start `[d]` a guess, such as the solution at a penalty nearby; not changed
 */
export function solveElasticNet(
  problem: ElasticNetProblem,
  l1: number,
  l2: number,
  start: Float64Array,
  tolerance: number,
  roundsMax: number,
): ElasticNetSolution {
  if (problem.spread === 0) return { coefficients: new Float64Array(start.length), rounds: 0, gap: 0, converged: true }
  if (l1 === 0) return { coefficients: problem.ridge(l2), rounds: 1, gap: 0, converged: true }
  const coefficients = start.slice()
  const quadratic = problem.quadraticAt(coefficients)
  // Below this the gap itself is rounding.
  const gapMax = Math.max(tolerance, 1e-13)
  let rounds = 0
  let gap = Infinity
  for (let share = tolerance; share > 1e-17 && rounds < roundsMax; share /= 10) {
    const changeMax = share * Math.sqrt(problem.spread)
    const descent = descendCoordinates(quadratic, coefficients, { l1, l2, changeMax, roundsMax: roundsMax - rounds })
    rounds += descent.rounds
    gap = dualityGap(problem, quadratic, coefficients, l1, l2)
    if (descent.still && gap <= gapMax) return { coefficients, rounds, gap, converged: true }
  }
  return { coefficients, rounds, gap, converged: false }
}

/**
 * Source: Kim, Koh, Lustig, Boyd & Gorinevsky, "An interior-point method for large-scale l1-regularized least squares",
 * IEEE J. Sel. Topics Signal Process. 1(4), 2007, §III; the quadratic penalty is taken as d further rows.
 */
function dualityGap(
  { spread, right }: ElasticNetProblem,
  quadratic: Quadratic,
  coefficients: Float64Array,
  l1: number,
  l2: number,
): number {
  let steepest = 0
  let fitted = 0
  let absolute = 0
  let explained = 0
  coefficients.forEach((coefficient, column) => {
    const pull = quadratic.pull(column)
    steepest = Math.max(steepest, Math.abs(pull - l2 * coefficient))
    absolute += Math.abs(coefficient)
    explained += coefficient * right[column]!
    // r · r + l2 β · β = y · y − β · (c + pull) + l2 β · β
    fitted += coefficient * (right[column]! + pull - l2 * coefficient)
  })
  const squares = spread - fitted
  const scale = steepest > l1 ? l1 / steepest : 1
  const gap = 0.5 * squares * (1 + scale * scale) + l1 * absolute - scale * (spread - explained)
  return Math.max(0, gap / spread)
}
