import type { OnlineModel } from './online-model.ts'

/** A model while it learns: its numbers may change in place. */
export interface LearningState {
  intercept: number
  readonly coefficients: Float64Array
  /** Steps taken. */
  steps: number
  readonly slopes: Float64Array
  readonly squares: Float64Array
}

/**
 * One step along a mean slope.
 *
 * @param gradient `[d]` 0 in columns that are not among `columns`
 * @param columns the columns that the rows have; the others stay as they are, but for the penalty of descent
 */
export type TakeStep = (state: LearningState, gradient: Float64Array, own: number, columns: Iterable<number>) => void

/** The way of stepping that the model asks for. */
export const stepOf = ({ method }: OnlineModel): TakeStep =>
  method.kind === 'ftrl' ? followTheLeader(method) : descend(method)

type Method<Kind> = Extract<OnlineModel['method'], { readonly kind: Kind }>

/**
 * FTRL-Proximal, algorithm 1 of the paper; the intercept, last of the state, has no penalty.
 *
 * Source: McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013.
 */
function followTheLeader({ stepSize, smoothing, l1, l2 }: Method<'ftrl'>): TakeStep {
  const moved = (state: LearningState, at: number, value: number, gradient: number, isFree: boolean): number => {
    const before = state.squares[at]!
    const after = before + gradient ** 2
    state.slopes[at]! += gradient - ((Math.sqrt(after) - Math.sqrt(before)) / stepSize) * value
    state.squares[at] = after
    const slope = state.slopes[at]!
    const [absolute, quadratic] = isFree ? [0, 0] : [l1, l2]
    // A column that was never moved stays at 0, also where nothing holds the division back.
    if (Math.abs(slope) <= absolute) return 0
    return -(slope - Math.sign(slope) * absolute) / ((smoothing + Math.sqrt(after)) / stepSize + quadratic)
  }
  return (state, gradient, own, columns) => {
    for (const column of columns) {
      state.coefficients[column] = moved(state, column, state.coefficients[column]!, gradient[column]!, false)
    }
    state.intercept = moved(state, state.coefficients.length, state.intercept, own, true)
    state.steps += 1
  }
}

/** Stochastic gradient descent in scikit-learn's order: the step's size, the penalty on all columns, then the slope. */
function descend({ stepSize, decay, l2 }: Method<'sgd'>): TakeStep {
  return (state, gradient, own, columns) => {
    const size = stepSize / (state.steps + 1) ** decay
    const kept = Math.max(0, 1 - size * l2)
    if (kept !== 1) {
      for (let column = 0; column < state.coefficients.length; column += 1) state.coefficients[column]! *= kept
    }
    for (const column of columns) state.coefficients[column]! -= size * gradient[column]!
    state.intercept -= size * own
    state.steps += 1
  }
}
