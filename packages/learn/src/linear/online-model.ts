import { RapportError } from '@rapport/numerics'

/** How steps are taken. */
export type OnlineMethod =
  | {
      /** FTRL-Proximal: a step size of its own for each column, which falls as the column has been moved. The default. */
      readonly kind: 'ftrl'
      /** The paper's α: size of first steps, above 0. Default 0.1. */
      readonly stepSize?: number
      /** The paper's β: how gently the steps begin to fall, ≥ 0. Default 1. */
      readonly smoothing?: number
      /** Absolute penalty λ₁ ≥ 0: columns that say little get exactly 0. Default 0. */
      readonly l1?: number
      /** Quadratic penalty λ₂ ≥ 0. Default 0. */
      readonly l2?: number
    }
  | {
      /** Stochastic gradient descent: one step size for all columns. */
      readonly kind: 'sgd'
      /** First step size η₀, above 0. Default 0.01. */
      readonly stepSize?: number
      /** Step t has the size η₀ / t^decay, 0 … 1; 0 is a constant step, which follows a world that changes. Default 0.25. */
      readonly decay?: number
      /** Quadratic penalty of scikit-learn's `alpha`, ≥ 0. Default 0.0001. */
      readonly l2?: number
    }

export interface OnlineOptions {
  /** `logistic` for labels 0 and 1, `squared` for numbers. */
  readonly loss: 'logistic' | 'squared'
  /** Default FTRL-Proximal with its defaults. */
  readonly method?: OnlineMethod
  /** Rows whose mean slope makes one step, 1 or more. Default 1. */
  readonly batch?: number
}

/** A linear model with what it needs to go on learning. Plain data: save it, load it, go on. */
export interface OnlineModel {
  readonly kind: 'online-linear'
  readonly loss: 'logistic' | 'squared'
  readonly method: Required<OnlineMethod>
  readonly batch: number
  readonly intercept: number
  /** `[d]` */
  readonly coefficients: Float64Array
  /** Steps taken so far. */
  readonly steps: number
  /** Rows learned from so far, those of weight 0 included. */
  readonly rows: number
  /** `[d + 1]` of FTRL-Proximal, the intercept last: the paper's z and n. Empty for descent. */
  readonly slopes: Float64Array
  readonly squares: Float64Array
}

/** A model that has learned nothing yet. @throws RapportError `online.options` */
export function emptyOnlineModel(columns: number, options: OnlineOptions): OnlineModel {
  const { loss, batch = 1 } = options
  if (loss !== 'logistic' && loss !== 'squared') refuse(`loss must be logistic or squared, got ${loss}`)
  if (!Number.isInteger(batch) || batch < 1) refuse(`batch must be a whole number ≥ 1, got ${batch}`)
  const method = filledIn(options.method ?? { kind: 'ftrl' })
  const state = method.kind === 'ftrl' ? columns + 1 : 0
  return {
    kind: 'online-linear',
    loss,
    method,
    batch,
    intercept: 0,
    coefficients: new Float64Array(columns),
    steps: 0,
    rows: 0,
    slopes: new Float64Array(state),
    squares: new Float64Array(state),
  }
}

function filledIn(method: OnlineMethod): Required<OnlineMethod> {
  if (method.kind === 'ftrl') {
    const { stepSize = 0.1, smoothing = 1, l1 = 0, l2 = 0 } = method
    checkRange('stepSize', stepSize, stepSize > 0, 'above 0')
    checkRange('smoothing', smoothing, smoothing >= 0, '0 or more')
    checkRange('l1', l1, l1 >= 0, '0 or more')
    checkRange('l2', l2, l2 >= 0, '0 or more')
    return { kind: 'ftrl', stepSize, smoothing, l1, l2 }
  }
  if (method.kind !== 'sgd') refuse(`method must be ftrl or sgd, got ${(method as { kind: unknown }).kind}`)
  const { stepSize = 0.01, decay = 0.25, l2 = 1e-4 } = method
  checkRange('stepSize', stepSize, stepSize > 0, 'above 0')
  checkRange('decay', decay, decay >= 0 && decay <= 1, 'from 0 to 1')
  checkRange('l2', l2, l2 >= 0, '0 or more')
  return { kind: 'sgd', stepSize, decay, l2 }
}

function checkRange(name: string, value: number, isInRange: boolean, range: string): void {
  if (!Number.isFinite(value) || !isInRange) refuse(`${name} must be a number ${range}, got ${value}`)
}

function refuse(message: string): never {
  throw new RapportError('online.options', message)
}
