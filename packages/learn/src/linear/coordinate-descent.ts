import { dot } from './curvature-memory.ts'

/** Half a sum of squares around the coefficients of the moment: what coordinate descent walks on. */
export interface Quadratic {
  /** Second derivative along a column, ≥ 0; 0 for a column that does not vary. */
  readonly curvature: (column: number) => number
  /** How fast the squares fall along a column, here and now. */
  readonly pull: (column: number) => number
  /** Takes in that a coefficient has changed. */
  readonly move: (column: number, change: number) => void
}

export interface DescentOptions {
  /** ≥ 0, times Σ |coefficient|. */
  readonly l1: number
  /** ≥ 0, times Σ coefficient² / 2. */
  readonly l2: number
  /** Stop when a round over all columns moved none by more than this, measured as |change| · √curvature. */
  readonly changeMax: number
  readonly roundsMax: number
}

/**
 * Minimises squares plus l1 Σ |β| + l2 / 2 Σ β², one coefficient after the other, in place.
 *
 * After a round over all columns only those that are not zero go on until they stand still; then all are asked again.
 *
 * @param coefficients `[d]` where to begin, and where it ended
 * @returns the rounds it took; more than `roundsMax` are never made
 *
 * Cost: a round asks each column once for its pull, and moves those that change.
 * Source: Friedman, Hastie & Tibshirani, "Regularization paths for generalized linear models via coordinate descent",
 * J. Statistical Software 33(1), 2010, eq. 5 and §2.6.
 */
export function descendCoordinates(
  quadratic: Quadratic,
  coefficients: Float64Array,
  { l1, l2, changeMax, roundsMax }: DescentOptions,
): { rounds: number; still: boolean } {
  const round = (all: boolean): number => {
    let largest = 0
    for (let column = 0; column < coefficients.length; column += 1) {
      const before = coefficients[column]!
      if (!all && before === 0) continue
      const curvature = quadratic.curvature(column)
      // Nothing holds the coefficient of a column that does not vary, so it stays at 0.
      if (curvature === 0) continue
      const pulled = quadratic.pull(column) + curvature * before
      const after = Math.abs(pulled) <= l1 ? 0 : (pulled - Math.sign(pulled) * l1) / (curvature + l2)
      if (after === before) continue
      coefficients[column] = after
      quadratic.move(column, after - before)
      largest = Math.max(largest, Math.abs(after - before) * Math.sqrt(curvature))
    }
    return largest
  }
  let all: boolean = true
  for (let rounds = 1; rounds <= roundsMax; rounds += 1) {
    const still: boolean = round(all) <= changeMax
    if (still && all) return { rounds, still: true }
    all = still
  }
  return { rounds: roundsMax, still: false }
}

/**
 * Squares that are known by their gram matrix: ½ βᵀ G β − cᵀ β. A move costs d, whatever the number of rows.
 *
 * @param gram `[d × d]`, both triangles
 * @param right `[d]` c
 * @param coefficients `[d]` where it begins
 */
export function gramQuadratic(gram: Float64Array, right: Float64Array, coefficients: Float64Array): Quadratic {
  const d = right.length
  const pulls = right.slice()
  const move = (column: number, change: number): void => {
    for (let at = 0, from = column * d; at < d; at += 1, from += 1) pulls[at]! -= change * gram[from]!
  }
  coefficients.forEach((coefficient, column) => {
    if (coefficient !== 0) move(column, coefficient)
  })
  return { curvature: (column) => gram[column * d + column]!, pull: (column) => pulls[column]!, move }
}

/**
 * Squares that are known by their columns: ½ ‖y − X β‖². A move costs n, and no gram matrix is needed.
 *
 * @param columns d columns of `[n]`
 * @param targets `[n]` y
 * @param coefficients `[d]` where it begins
 */
export function columnQuadratic(
  columns: readonly Float64Array[],
  targets: Float64Array,
  coefficients: Float64Array,
): Quadratic {
  const residuals = targets.slice()
  const squares = columns.map((column) => dot(column, column))
  const move = (column: number, change: number): void => {
    const values = columns[column]!
    for (let row = 0; row < values.length; row += 1) residuals[row]! -= change * values[row]!
  }
  coefficients.forEach((coefficient, column) => {
    if (coefficient !== 0) move(column, coefficient)
  })
  return { curvature: (column) => squares[column]!, pull: (column) => dot(columns[column]!, residuals), move }
}
