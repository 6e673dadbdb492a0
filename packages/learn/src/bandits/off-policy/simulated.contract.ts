import { type Matrix, matrix, type Random, seededRandom } from '@rapport/numerics'
import type { LoggedDecisions } from './logged-decisions.ts'

/** A log whose truth is known: what the policy to be valued earns per decision. */
export interface SimulatedLog {
  readonly contexts: Matrix
  readonly log: LoggedDecisions
  readonly policy: Matrix
}

export type RewardKind = 'amount' | 'click'

/** A row an action: what each column adds, and a constant. */
type Scores = readonly (readonly [number, number, number, number])[]

const columns = 3
const actions = 3
/** Share of decisions that the logging policy takes blindly, as a shop does that wants to learn: it bounds the weights. */
const exploration = 0.2
/** Log odds of each action under the policy that logs and the one to be valued, by context; the last number is a constant. */
const loggingScores: Scores = [
  [0.8, -0.4, 0, 0.3],
  [-0.4, 0.6, 0.2, 0],
  [0, 0, -0.5, -0.3],
]
const policyScores: Scores = [
  [-0.3, 0.5, 0.6, 0],
  [0.9, -0.5, 0, 0.4],
  [0, 0.4, -0.6, 0],
]
/** Expected amount, or log odds of a click, of each action. */
const rewardScores: Scores = [
  [0.5, 0.2, 0, -0.8],
  [-0.3, 0.6, 0.3, -0.4],
  [0.2, -0.2, 0.7, -1],
]

/** n decisions on normal contexts, logged by one softmax policy, for the valuation of another. */
export function simulateLog(kind: RewardKind, n: number, seed: number): SimulatedLog {
  const random = seededRandom(seed)
  const contexts = matrix(n, columns)
  const policy = matrix(n, actions)
  const taken = new Int32Array(n)
  const rewards = new Float64Array(n)
  const propensities = new Float64Array(n)
  for (let row = 0; row < n; row += 1) {
    const context = drawContext(random)
    contexts.values.set(context, row * columns)
    policy.values.set(softmax(context, policyScores), row * actions)
    const chances = softmax(context, loggingScores).map((chance) => (1 - exploration) * chance + exploration / actions)
    const action = pick(chances, random)
    taken[row] = action
    propensities[row] = chances[action]!
    const mean = expected(kind, context, action)
    rewards[row] = kind === 'click' ? Number(random.uniform() < mean) : mean + random.normal()
  }
  return { contexts, log: { actions: taken, rewards, propensities }, policy }
}

/** What the policy earns per decision: the mean over so many contexts that its own error does not matter. */
export function trueValue(kind: RewardKind, draws = 4_000_000): number {
  const random = seededRandom(20_260_101)
  let sum = 0
  for (let draw = 0; draw < draws; draw += 1) {
    const context = drawContext(random)
    const chances = softmax(context, policyScores)
    for (let action = 0; action < actions; action += 1) sum += chances[action]! * expected(kind, context, action)
  }
  return sum / draws
}

const drawContext = (random: Random): Float64Array => Float64Array.from({ length: columns }, () => random.normal())

function score(
  context: Float64Array,
  [first, second, third, constant]: readonly [number, number, number, number],
): number {
  return first * context[0]! + second * context[1]! + third * context[2]! + constant
}

function softmax(context: Float64Array, scores: Scores): Float64Array {
  const odds = Float64Array.from(scores, (row) => Math.exp(score(context, row)))
  const total = odds[0]! + odds[1]! + odds[2]!
  return odds.map((value) => value / total)
}

function expected(kind: RewardKind, context: Float64Array, action: number): number {
  const value = score(context, rewardScores[action]!)
  return kind === 'click' ? 1 / (1 + Math.exp(-value)) : value
}

function pick(chances: Float64Array, random: Random): number {
  const draw = random.uniform()
  if (draw < chances[0]!) return 0
  return draw < chances[0]! + chances[1]! ? 1 : 2
}
