/**
 * A function to be made small, with its slope: writes the gradient at `point` into `gradient` and returns the value.
 *
 * Infinity or NaN means that `point` lies outside of the function's domain; a minimiser then steps back.
 */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

/** Why a minimiser stopped. Only `rounds` and `line-search` mean that the point may not be the smallest one. */
export type Stop = 'gradient' | 'change' | 'line-search' | 'rounds'

/** Where a minimiser ended. */
export interface Minimum {
  /** `[d]`. */
  readonly point: Float64Array
  readonly value: number
  /** Largest absolute component of the gradient at `point`; NaN for a method that takes no gradient. */
  readonly gradientMax: number
  readonly rounds: number
  readonly evaluations: number
  readonly because: Stop
  /** True when `because` is `gradient` or `change`. */
  readonly converged: boolean
}
