import { RapportError } from '../error.ts'
import { stopIfAborted, type Work } from '../work/work.ts'
import { type Probe, wolfeStep } from './line-search.ts'
import type { Minimum, Objective, Stop } from './objective.ts'

export interface LbfgsOptions {
  /** Stop when no component of the gradient is larger than this. Default 1e-8. */
  readonly gradientTolerance?: number
  /** Stop when three rounds in a row changed the value by less than this, relative to max(1, |value|). Default 1e-14. */
  readonly changeTolerance?: number
  /** Stop after this many rounds in any case. Default 500. */
  readonly roundsMax?: number
  /** Steps remembered for the curvature; at least `d` makes it behave as full BFGS. Default 10. */
  readonly memory?: number
}

/**
 * The minimum of a smooth function near `start`, by L-BFGS with a line search that satisfies the strong Wolfe conditions.
 *
 * @param objective value and gradient; see `Objective`
 * @param start `[d]`, inside of the function's domain; not changed
 * @throws RapportError `minimise.start` when the function is not finite there, `work.aborted` when stopped
 *
 * Cost: O(memory · d) a round beside one or two evaluations.
 * Source: Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.5.
 *
 * @example
 * const bowl: Objective = ([x], gradient) => { gradient[0] = 2 * (x! - 3); return (x! - 3) ** 2 }
 * minimise(bowl, Float64Array.of(0)).point // [3]
 */
export function minimise(objective: Objective, start: Float64Array, options: LbfgsOptions = {}, work?: Work): Minimum {
  const { gradientTolerance = 1e-8, changeTolerance = 1e-14, roundsMax = 500, memory = 10 } = options
  const d = start.length
  const point = start.slice()
  const gradient = new Float64Array(d)
  let value = objective(point, gradient)
  let evaluations = 1
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) {
    throw new RapportError('minimise.start', `the function must be finite at its start, got ${value}`)
  }

  const curvature = new Curvature(d, memory)
  const trial = new Float64Array(d)
  const trialGradient = new Float64Array(d)
  let still = 0
  const end = (because: Stop, rounds: number): Minimum => ({
    point,
    value,
    gradientMax: largest(gradient),
    rounds,
    evaluations,
    because,
    converged: because === 'gradient' || because === 'change',
  })

  for (let round = 0; round < roundsMax; round += 1) {
    stopIfAborted(work)
    if (largest(gradient) <= gradientTolerance) return end('gradient', round)
    let direction = curvature.direction(gradient)
    let slope = dot(direction, gradient)
    if (!(slope < 0)) {
      curvature.forget()
      direction = gradient.map((component) => -component)
      slope = -dot(gradient, gradient)
    }
    const probe = (step: number): Probe => {
      for (let at = 0; at < d; at += 1) trial[at] = point[at]! + step * direction[at]!
      evaluations += 1
      const trialValue = objective(trial, trialGradient)
      return { step, value: trialValue, slope: dot(trialGradient, direction) }
    }
    const first = curvature.isEmpty ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    const found = wolfeStep(probe, { step: 0, value, slope }, first)
    if (found === undefined) {
      if (curvature.isEmpty) return end('line-search', round)
      // What was learnt of the curvature may be at fault: once more from the steepest descent.
      curvature.forget()
      continue
    }
    curvature.learn(point, trial, gradient, trialGradient)
    still = Math.abs(value - found.value) <= changeTolerance * Math.max(1, Math.abs(value)) ? still + 1 : 0
    value = found.value
    point.set(trial)
    gradient.set(trialGradient)
    if (still === 3) return end('change', round + 1)
    work?.onProgress?.({ stage: 'minimising', done: round + 1, total: roundsMax })
  }
  return end('rounds', roundsMax)
}

/** The last few steps and what they did to the gradient: an approximation of the inverse Hessian. */
class Curvature {
  readonly #steps: Float64Array[] = []
  readonly #changes: Float64Array[] = []
  readonly #d: number
  readonly #memory: number

  constructor(d: number, memory: number) {
    this.#d = d
    this.#memory = memory
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0
  }

  forget(): void {
    this.#steps.length = 0
    this.#changes.length = 0
  }

  learn(from: Float64Array, to: Float64Array, before: Float64Array, after: Float64Array): void {
    const step = new Float64Array(this.#d)
    const change = new Float64Array(this.#d)
    for (let at = 0; at < this.#d; at += 1) {
      step[at] = to[at]! - from[at]!
      change[at] = after[at]! - before[at]!
    }
    // The Wolfe conditions make this positive; rounding at the very end may not.
    if (!(dot(step, change) > 1e-300)) return
    this.#steps.push(step)
    this.#changes.push(change)
    if (this.#steps.length > this.#memory) {
      this.#steps.shift()
      this.#changes.shift()
    }
  }

  /** Minus the approximate inverse Hessian times `gradient`, by the two-loop recursion. */
  direction(gradient: Float64Array): Float64Array {
    const q = gradient.map((component) => -component)
    const n = this.#steps.length
    const weights = new Float64Array(n)
    for (let k = n - 1; k >= 0; k -= 1) {
      weights[k] = dot(this.#steps[k]!, q) / dot(this.#steps[k]!, this.#changes[k]!)
      addScaled(q, this.#changes[k]!, -weights[k]!)
    }
    if (n > 0) {
      const last = this.#changes[n - 1]!
      const scale = dot(this.#steps[n - 1]!, last) / dot(last, last)
      for (let at = 0; at < q.length; at += 1) q[at]! *= scale
    }
    for (let k = 0; k < n; k += 1) {
      const back = dot(this.#changes[k]!, q) / dot(this.#steps[k]!, this.#changes[k]!)
      addScaled(q, this.#steps[k]!, weights[k]! - back)
    }
    return q
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!
  return sum
}

function addScaled(to: Float64Array, from: Float64Array, scale: number): void {
  for (let at = 0; at < to.length; at += 1) to[at]! += scale * from[at]!
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => (Number.isNaN(value) ? Number.NaN : Math.max(most, Math.abs(value))), 0)
