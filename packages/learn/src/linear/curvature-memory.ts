/** Applies an approximate inverse Hessian to a vector. */
export type InverseHessian = (vector: Float64Array) => Float64Array

/** Steps and gradient changes of the last rounds, oldest first. */
export interface CurvatureMemory {
  readonly pairs: readonly CurvaturePair[]
}

interface CurvaturePair {
  readonly step: Float64Array
  readonly change: Float64Array
  /** 1 / (step · change), positive. */
  readonly scale: number
}

const pairsMax = 12

export const noCurvature: CurvatureMemory = { pairs: [] }

/** The memory with one more round; a round without positive curvature, which only rounding gives here, is left out. */
export function remember(memory: CurvatureMemory, step: Float64Array, change: Float64Array): CurvatureMemory {
  const product = dot(step, change)
  if (!(product > 0)) return memory
  return { pairs: [...memory.pairs, { step, change, scale: 1 / product }].slice(-pairsMax) }
}

/**
 * The L-BFGS direction −H⁻¹ gradient, where H⁻¹ is `start` corrected by what the last rounds taught.
 *
 * Source: Nocedal & Wright, "Numerical optimization", 2nd ed. 2006, algorithm 7.4 (two-loop recursion).
 */
export function descentDirection(memory: CurvatureMemory, gradient: Float64Array, start: InverseHessian): Float64Array {
  const left = gradient.slice()
  const shares = memory.pairs.map(() => 0)
  for (let at = memory.pairs.length - 1; at >= 0; at -= 1) {
    const { step, change, scale } = memory.pairs[at]!
    const share = scale * dot(step, left)
    shares[at] = share
    addScaled(left, change, -share)
  }
  const direction = start(left)
  memory.pairs.forEach(({ step, change, scale }, at) => {
    addScaled(direction, step, shares[at]! - scale * dot(change, direction))
  })
  return direction.map((value) => -value)
}

/** Sum of products of two vectors of one length. */
export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let at = 0; at < left.length; at += 1) sum += left[at]! * right[at]!
  return sum
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at += 1) target[at]! += factor * vector[at]!
}
