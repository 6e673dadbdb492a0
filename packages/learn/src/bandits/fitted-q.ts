import {
  checkList,
  checkMatrix,
  type Matrix,
  matrix,
  RapportError,
  stopIfAborted,
  takeRows,
  type Work,
} from '@rapport/numerics'
import { type BaseLearner, type BaseModel, leastSquaresBase, predictBase } from '../base-learners/base-learner.ts'
import { type ConstantModel, fitUnlessConstant, predictLearned } from '../base-learners/constant.ts'
import { checkTotalWeight } from '../linear/checked-numbers.ts'

/** Steps of contact sequences: what was known, what was done, what came of it, what was known then. */
export interface Transitions {
  /** `[n × d]` what was known when deciding. */
  readonly states: Matrix
  /** `[n]` the action taken, 0 … actions − 1; doing nothing is one. */
  readonly actions: ArrayLike<number>
  /** `[n]` what came of it before the next decision; finite. */
  readonly rewards: ArrayLike<number>
  /** `[n × d]` what was known at the next decision; not read where the sequence had ended. */
  readonly nextStates: Matrix
  /** `[n]` 1 where no decision followed, else 0. */
  readonly ended: ArrayLike<number>
  /** `[n]` each ≥ 0. Default all 1. */
  readonly weights?: ArrayLike<number>
}

export interface FittedQOptions<Model = BaseModel> {
  /** Number of actions; each must have been taken. */
  readonly actions: number
  /** What later worth counts beside the present, per step, 0 … 1. Default 0.9. */
  readonly discount?: number
  /** What predicts worth from a state, for each action by itself. Default ridge regression. */
  readonly learner?: BaseLearner<Model>
  /** For a learner that draws. Default 1. */
  readonly seed?: number
  /** Decisions to look ahead at most, ≥ 1: after r rounds, worth counts r decisions. Default 50. */
  readonly roundsMax?: number
  /** Stop when predictions changed less than this, as a share of their largest. Default 1e-4. */
  readonly tolerance?: number
}

/** The worth of each action in each state. Plain data. */
export interface FittedQModel<Model = BaseModel> {
  readonly kind: 'fitted-q'
  readonly discount: number
  /** One an action: what it leads to, itself and what follows, when the best is done from then on. */
  readonly models: readonly (Model | ConstantModel)[]
  readonly rounds: number
  /** False when `roundsMax` came first: with a discount of 1 that is how far it was to look ahead. */
  readonly converged: boolean
}

/**
 * Fitted Q iteration: what each action is worth in each state when later decisions are taken well too, from logged
 * sequences of any policy that tried them.
 *
 * Each round predicts reward + discount × the best predicted worth of the next state, learned anew from the round before.
 *
 * @throws RapportError `fitted-q.rows`, `.actions`, `.rewards`, `.ended`, `.weights`, `.options`, `work.aborted`, and as the learner
 *
 * Cost: rounds × actions fits.
 * Source: Ernst, Geurts & Wehenkel, "Tree-based batch mode reinforcement learning", JMLR 6, 2005.
 *
 * @example
 * const model = await fitFittedQ(contacts, { actions: 2, learner: forestRegressionBase(), seed: 1 })
 * predictFittedQ(model, today) // [n × 2]: send or wait
 */
export async function fitFittedQ<Model = BaseModel>(
  transitions: Transitions,
  options: FittedQOptions<Model>,
  work?: Work,
): Promise<FittedQModel<Model>> {
  const { discount = 0.9, seed = 1, roundsMax = 50, tolerance = 1e-4 } = options
  // Without a learner of the caller's, Model is what its default says.
  const learner = options.learner ?? (leastSquaresBase({ penalty: 1 }) as unknown as BaseLearner<Model>)
  checkOptions(options.actions, discount, roundsMax, tolerance)
  const { states, nextStates } = transitions
  checkMatrix('fitted-q', states)
  checkMatrix('fitted-q', nextStates)
  const byAction = rowsByAction(transitions, options.actions)
  const n = states.rows
  const going = Int32Array.from({ length: n }, (_, row) => row).filter((row) => transitions.ended[row] === 0)
  const goingStates = takeRows(nextStates, going)
  const targets = Float64Array.from(transitions.rewards)
  const weights = transitions.weights ? Float64Array.from(transitions.weights) : new Float64Array(n).fill(1)
  let models: (Model | ConstantModel)[] = []
  let rounds = 0
  let converged = false
  while (!converged && rounds < roundsMax) {
    stopIfAborted(work)
    models = []
    for (const rows of byAction) {
      const own = {
        data: takeRows(states, rows),
        targets: Float64Array.from(rows, (row) => targets[row]!),
        weights: Float64Array.from(rows, (row) => weights[row]!),
        seed,
      }
      models.push(await fitUnlessConstant('fitted-q', learner, own, work?.signal && { signal: work.signal }))
    }
    rounds += 1
    const best = bestOf(models, goingStates, learner.predict)
    let [moved, largest] = [0, 0]
    going.forEach((row, at) => {
      const target = transitions.rewards[row]! + discount * best[at]!
      moved = Math.max(moved, Math.abs(target - targets[row]!))
      largest = Math.max(largest, Math.abs(target))
      targets[row] = target
    })
    converged = moved <= tolerance * largest
    work?.onProgress?.({ stage: 'look-ahead round', done: rounds, total: roundsMax })
  }
  return { kind: 'fitted-q', discount, models, rounds, converged }
}

/**
 * The worth of each action in each state, `[n × actions]`; the largest of a row is the action to take.
 *
 * @param states `[n × d]` with the columns of training
 * @param options `predict` of a learner of the caller's
 */
export function predictFittedQ<Model = BaseModel>(
  { models }: FittedQModel<Model>,
  states: Matrix,
  options: { readonly predict?: BaseLearner<Model>['predict'] } = {},
): Matrix {
  const predict = options.predict ?? (predictBase as unknown as BaseLearner<Model>['predict'])
  const worth = matrix(states.rows, models.length)
  models.forEach((model, action) => {
    predictLearned(predict, model, states).forEach((value, row) => {
      worth.values[row * models.length + action] = value
    })
  })
  return worth
}

function bestOf<Model>(
  models: readonly (Model | ConstantModel)[],
  states: Matrix,
  predict: BaseLearner<Model>['predict'],
): Float64Array {
  const best = new Float64Array(states.rows).fill(-Infinity)
  for (const model of models) {
    predictLearned(predict, model, states).forEach((value, row) => {
      best[row] = Math.max(best[row]!, value)
    })
  }
  return best
}

function rowsByAction(transitions: Transitions, actions: number): Int32Array[] {
  const { states, nextStates } = transitions
  const n = states.rows
  if (n === 0 || nextStates.rows !== n || nextStates.columns !== states.columns) {
    throw new RapportError(
      'fitted-q.rows',
      `states and nextStates must be of one shape with a row or more, got ${n} × ${states.columns} and ${nextStates.rows} × ${nextStates.columns}`,
    )
  }
  const checks = {
    actions: (value: number) => Number.isInteger(value) && value >= 0 && value < actions,
    rewards: Number.isFinite,
    ended: (value: number) => value === 0 || value === 1,
    weights: (value: number) => value >= 0 && value < Infinity,
  }
  for (const name of ['actions', 'rewards', 'ended', 'weights'] as const) {
    if (name === 'weights' && transitions.weights === undefined) continue
    const values = transitions[name]!
    checkList(`fitted-q.${name}`, name, values)
    const wrong = Array.from(values).findIndex((value) => !checks[name](value))
    if (values.length === n && wrong < 0) continue
    const got = values.length === n ? `${values[wrong]} at row ${wrong}` : `${values.length} of them`
    const ranges = {
      actions: `0 … ${actions - 1}`,
      rewards: 'finite',
      ended: '0 or 1',
      weights: 'finite and at least 0',
    }
    throw new RapportError(`fitted-q.${name}`, `${name} must be ${ranges[name]}, one a row (${n}), got ${got}`)
  }
  if (transitions.weights) checkTotalWeight('fitted-q.weights', transitions.weights)
  return Array.from({ length: actions }, (_, action) => {
    const rows = Int32Array.from(
      Array.from({ length: n }, (_, row) => row).filter((row) => transitions.actions[row] === action),
    )
    if (rows.length > 0) return rows
    throw new RapportError('fitted-q.actions', `every action must have been taken, got none of action ${action}`)
  })
}

function checkOptions(actions: number, discount: number, roundsMax: number, tolerance: number): void {
  const refuse = (name: string, what: string, value: number): never => {
    throw new RapportError('fitted-q.options', `${name} must be ${what}, got ${value}`)
  }
  if (!Number.isInteger(actions) || actions < 1) refuse('actions', 'a whole number ≥ 1', actions)
  if (!(discount >= 0 && discount <= 1)) refuse('discount', '0 … 1', discount)
  if (!Number.isInteger(roundsMax) || roundsMax < 1) refuse('roundsMax', 'a whole number ≥ 1', roundsMax)
  if (!(tolerance >= 0)) refuse('tolerance', 'at least 0', tolerance)
}
