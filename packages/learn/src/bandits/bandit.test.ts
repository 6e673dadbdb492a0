import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import {
  type Bandit,
  banditChances,
  chooseAction,
  offPolicyValue,
  startBernoulliThompson,
  startEpsilonGreedy,
  startGaussianThompson,
  startLinearThompson,
  startLinUcb,
  startLogisticThompson,
  startUcb1,
  uniformPolicy,
  updateBandit,
} from './index.ts'

/** Regret of a bandit on shares: what always taking the best would have earned more, after each decision. */
function regretOnShares(start: Bandit, shares: readonly number[], decisions: number, seed: number): Float64Array {
  const random = seededRandom(seed)
  const best = Math.max(...shares)
  let bandit = start
  let regret = 0
  return Float64Array.from({ length: decisions }, () => {
    const { action } = chooseAction(bandit, random)
    bandit = updateBandit(bandit, [{ action, reward: Number(random.uniform() < shares[action]!) }])
    regret += best - shares[action]!
    return regret
  })
}

const shares = [0.3, 0.5, 0.7]
const decisions = 1000
const meanRegret = (start: Bandit, runs: number): number => {
  let sum = 0
  for (let run = 1; run <= runs; run += 1) sum += regretOnShares(start, shares, decisions, run).at(-1)! / runs
  return sum
}

// Auer, Cesa-Bianchi & Fischer 2002, theorem 1: 8 Σ log n / Δ + (1 + π²/3) Σ Δ.
test('UCB1 regrets no more than its theorem allows, and grows like a logarithm', () => {
  const gaps = [0.4, 0.2]
  const bound = gaps.reduce((sum, gap) => sum + (8 * Math.log(decisions)) / gap + (1 + Math.PI ** 2 / 3) * gap, 0)
  const regret = regretOnShares(startUcb1({ actions: 3 }), shares, decisions, 1)
  expect(regret.at(-1)).toBeLessThan(bound)
  const half = regret[decisions / 2 - 1]!
  expect(regret.at(-1)! - half).toBeLessThan(half / 2)
})

// Lai & Robbins 1985: in the long run no policy regrets less than Σ Δ / KL(share, best) · log n; Thompson sampling
// attains it (Kaufmann, Korda & Munos 2012). At 1,000 decisions it is still below its limit, and far below UCB1.
test('Thompson sampling regrets about what the law of Lai and Robbins says, and less than UCB1', () => {
  const divergence = (p: number, q: number): number => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))
  const limit = [0.3, 0.5].reduce(
    (sum, share) => sum + ((0.7 - share) / divergence(share, 0.7)) * Math.log(decisions),
    0,
  )
  const thompson = meanRegret(startBernoulliThompson({ actions: 3 }), 2)
  expect(thompson).toBeLessThan(2 * limit)
  expect(thompson).toBeLessThan(meanRegret(startUcb1({ actions: 3 }), 2))
})

test('ε-greedy regrets its blind share for ever', () => {
  const regret = regretOnShares(startEpsilonGreedy({ actions: 3, exploration: 0.3 }), shares, 6000, 2)
  // Blind decisions lose (0.4 + 0.2 + 0) / 3 = 0.2 each.
  const slope = (regret[5999]! - regret[2999]!) / 3000
  expect(slope).toBeGreaterThan(0.3 * 0.2 * 0.85)
  expect(slope).toBeLessThan(0.3 * 0.2 * 1.3)
})

/**
 * Decisions with a context: action 0 pays where the first number is positive, action 1 where it is not.
 *
 * @returns the regret of the second half of the decisions, beside what deciding blindly would regret there
 */
function lateRegret(start: Bandit, rounds: number, asClicks: boolean): { regret: number; blind: number } {
  const random = seededRandom(9)
  let bandit = start
  let [regret, blind] = [0, 0]
  for (let round = 0; round < rounds; round += 1) {
    const context = [random.normal(), 1]
    const { action } = chooseAction(bandit, random, { context })
    const worth = [1, -1].map((side) => {
      const score = 2 * context[0]! * side
      return asClicks ? 1 / (1 + Math.exp(-score)) : score
    })
    const reward = asClicks ? Number(random.uniform() < worth[action]!) : worth[action]! + random.normal()
    bandit = updateBandit(bandit, [{ action, reward, context }])
    if (round < rounds / 2) continue
    const best = Math.max(...worth)
    regret += best - worth[action]!
    blind += best - (worth[0]! + worth[1]!) / 2
  }
  return { regret, blind }
}

test.each([
  { start: startLinUcb({ actions: 2, columns: 2 }), asClicks: false },
  { start: startLinearThompson({ actions: 2, columns: 2 }), asClicks: false },
  { start: startLogisticThompson({ actions: 2, columns: 2 }), asClicks: true },
])('$start.kind learns whom to offer what', ({ start, asClicks }) => {
  const { regret, blind } = lateRegret(start, 600, asClicks)
  expect(regret).toBeLessThan(0.05 * blind)
})

test('a log of Thompson sampling values another policy: propensities are chances', () => {
  const random = seededRandom(3)
  let bandit = startBernoulliThompson({ actions: 3, exploration: 0.2 })
  const log = { actions: [] as number[], rewards: [] as number[], propensities: [] as number[] }
  for (let decision = 0; decision < 1500; decision += 1) {
    const { action, propensity } = chooseAction(bandit, random)
    const reward = Number(random.uniform() < shares[action]!)
    bandit = updateBandit(bandit, [{ action, reward }])
    log.actions.push(action)
    log.rewards.push(reward)
    log.propensities.push(propensity)
  }
  const found = offPolicyValue(log, uniformPolicy(1500, 3))
  if (!found.defined) throw new Error(found.because)
  expect(found.low).toBeLessThan(0.5)
  expect(found.high).toBeGreaterThan(0.5)
  expect(Math.abs(found.weights.mean - 1)).toBeLessThan(4 * found.weights.meanError)
})

test('what was never tried is tried first, ties are broken by chance', () => {
  const bandit = updateBandit(startUcb1({ actions: 3 }), [{ action: 1, reward: 1 }])
  expect([...banditChances(bandit)]).toEqual([0.5, 0, 0.5])
  expect([...banditChances(bandit, { eligible: [1] })]).toEqual([0, 1, 0])
  const amounts = startGaussianThompson({ actions: 2, noise: 5, priorMean: 20, priorSpread: 3 })
  expect([...banditChances(amounts)]).toEqual([0.5, 0.5])
  expect(banditChances(updateBandit(amounts, [{ action: 0, reward: 40 }]))[0]).toBeGreaterThan(0.6)
  expect([...banditChances(startLinearThompson({ actions: 2, columns: 1 }), { context: [0] })]).toEqual([0.5, 0.5])
})

test('what means nothing is refused', () => {
  const plain = startBernoulliThompson({ actions: 2 })
  const linear = startLinUcb({ actions: 2, columns: 2 })
  expect(() => startUcb1({ actions: 0 })).toThrow('actions must be a whole number ≥ 1, got 0')
  expect(() => startEpsilonGreedy({ actions: 2, exploration: 1.5 })).toThrow('exploration must be 0 … 1, got 1.5')
  expect(() => startUcb1({ actions: 2, scale: 0 })).toThrow('scale must be finite and above 0, got 0')
  expect(() => startBernoulliThompson({ actions: 2, priorFailures: 0.5 })).toThrow(
    'priorFailures must be finite and at least 1',
  )
  expect(() => startGaussianThompson({ actions: 2, noise: Number.NaN })).toThrow(
    'noise must be finite and above 0, got NaN',
  )
  expect(() => startGaussianThompson({ actions: 2, priorMean: Infinity })).toThrow('priorMean must be finite')
  expect(() => startLinUcb({ actions: 2, columns: 0 })).toThrow('columns must be a whole number ≥ 1, got 0')
  expect(() => startLinUcb({ actions: 2, columns: 1, width: -1 })).toThrow(
    'width must be finite and at least 0, got -1',
  )
  expect(() => startLogisticThompson({ actions: 2, columns: 1, penalty: 0 })).toThrow(
    'penalty must be finite and above 0',
  )
  expect(() => updateBandit(plain, [{ action: 2, reward: 1 }])).toThrow(
    'action must be a whole number from 0 to 1, got 2',
  )
  expect(() => updateBandit(plain, [{ action: 0, reward: 2 }])).toThrow('reward must be 0 … 1, got 2')
  expect(() => updateBandit(linear, [{ action: 0, reward: Number.NaN, context: [1, 1] }])).toThrow(
    'reward must be finite',
  )
  expect(() => updateBandit(plain, [{ action: 0, reward: 1, weight: -1 }])).toThrow(
    'weight must be finite and at least 0',
  )
  expect(() => updateBandit(linear, [{ action: 0, reward: 1 }])).toThrow('context must hold 2 numbers, got none')
  expect(() => banditChances(linear, { context: [1] })).toThrow('context must hold 2 numbers, got 1')
  expect(() => banditChances(linear, { context: [1, Infinity] })).toThrow('context must be finite, got Infinity at 1')
  expect(() => banditChances(plain, { eligible: [] })).toThrow('eligible must hold one or more of the actions 0 … 1')
  expect(() => banditChances(plain, { eligible: [0, 0] })).toThrow('each once, got [0, 0]')
  const logistic = startLogisticThompson({ actions: 1, columns: 1 })
  expect(() => updateBandit(logistic, [{ action: 0, reward: 0.5, context: [1] }])).toThrow(
    'reward must be 0 or 1, got 0.5',
  )
  expect(() => updateBandit(linear, [{ action: 0, reward: 1, context: [1e200, 0] }])).toThrow('scale them')
})
