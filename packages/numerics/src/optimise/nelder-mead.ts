import { RapportError } from '../error.ts'
import { stopIfAborted, type Work } from '../work/work.ts'
import type { Minimum } from './objective.ts'

export interface NelderMeadOptions {
  /** Size of the first simplex along every axis. Default 0.5. */
  readonly size?: number
  /** Stop when the simplex's values and points both differ by less than this, relative to max(1, ·). Default 1e-10. */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 400 × d. */
  readonly roundsMax?: number
}

interface Vertex {
  readonly point: Float64Array
  readonly value: number
}

/**
 * The minimum of a function near `start` without its gradient, by the Nelder–Mead simplex with coefficients that adapt
 * to the dimension. For a few parameters, up to about ten; with a gradient, `minimise` is better.
 *
 * @param f Infinity or NaN outside of its domain
 * @param start `[d]`, d ≥ 1, inside of the domain; not changed
 * @throws RapportError `minimise.start` when the function is not finite there, `work.aborted` when stopped
 *
 * Source: Gao & Han, "Implementing the Nelder-Mead simplex algorithm with adaptive parameters", 2012.
 *
 * @example
 * minimiseBySimplex(([x]) => Math.abs(x! - 3), Float64Array.of(0)).point // about [3]
 */
export function minimiseBySimplex(
  f: (point: Float64Array) => number,
  start: Float64Array,
  options: NelderMeadOptions = {},
  work?: Work,
): Minimum {
  const d = start.length
  const { size = 0.5, tolerance = 1e-10, roundsMax = 400 * d } = options
  let evaluations = 0
  const at = (point: Float64Array): Vertex => {
    evaluations += 1
    const value = f(point)
    return { point, value: Number.isNaN(value) ? Infinity : value }
  }
  const simplex = [at(start.slice()), ...Array.from(start, (_, axis) => at(moved(start, axis, size)))]
  if (!Number.isFinite(simplex[0]!.value)) {
    throw new RapportError('minimise.start', `the function must be finite at its start, got ${simplex[0]!.value}`)
  }

  for (let round = 0; round < roundsMax; round += 1) {
    stopIfAborted(work)
    simplex.sort((a, b) => a.value - b.value)
    if (isSmall(simplex, tolerance)) return minimumOf(simplex[0]!, round, evaluations, true)
    stepSimplex(simplex, at)
    work?.onProgress?.({ stage: 'minimising', done: round + 1, total: roundsMax })
  }
  simplex.sort((a, b) => a.value - b.value)
  return minimumOf(simplex[0]!, roundsMax, evaluations, false)
}

/** Reflects the worst vertex of a sorted simplex, expands, contracts, or shrinks everything towards the best. */
function stepSimplex(simplex: Vertex[], at: (point: Float64Array) => Vertex): void {
  // The adaptive coefficients are those of the classic method at d = 2 and would degenerate at d = 1.
  const d = Math.max(2, simplex.length - 1)
  const last = simplex.length - 1
  const best = simplex[0]!
  const worst = simplex[last]!
  const centre = centreOf(simplex.slice(0, last))
  const along = (scale: number): Vertex =>
    at(centre.map((middle, axis) => middle + scale * (worst.point[axis]! - middle)))

  const reflected = along(-1)
  if (reflected.value < best.value) {
    const expanded = along(-(1 + 2 / d))
    simplex[last] = expanded.value < reflected.value ? expanded : reflected
    return
  }
  if (reflected.value < simplex[last - 1]!.value) {
    simplex[last] = reflected
    return
  }
  const contraction = 0.75 - 1 / (2 * d)
  const contracted = along(reflected.value < worst.value ? -contraction : contraction)
  if (contracted.value < Math.min(reflected.value, worst.value)) {
    simplex[last] = contracted
    return
  }
  for (let vertex = 1; vertex <= last; vertex += 1) {
    const { point } = simplex[vertex]!
    simplex[vertex] = at(best.point.map((middle, axis) => middle + (1 - 1 / d) * (point[axis]! - middle)))
  }
}

function moved(point: Float64Array, axis: number, by: number): Float64Array {
  const copy = point.slice()
  copy[axis]! += by
  return copy
}

function centreOf(vertices: readonly Vertex[]): Float64Array {
  const centre = new Float64Array(vertices[0]!.point.length)
  for (const { point } of vertices) {
    for (let axis = 0; axis < centre.length; axis += 1) centre[axis]! += point[axis]! / vertices.length
  }
  return centre
}

function isSmall(sorted: readonly Vertex[], tolerance: number): boolean {
  const best = sorted[0]!
  const spread = sorted.at(-1)!.value - best.value
  if (!(spread <= tolerance * Math.max(1, Math.abs(best.value)))) return false
  return sorted.every(({ point }) =>
    point.every((x, axis) => Math.abs(x - best.point[axis]!) <= tolerance ** 0.5 * Math.max(1, Math.abs(x))),
  )
}

const minimumOf = ({ point, value }: Vertex, rounds: number, evaluations: number, converged: boolean): Minimum => ({
  point,
  value,
  gradientMax: Number.NaN,
  rounds,
  evaluations,
  because: converged ? 'change' : 'rounds',
  converged,
})
