import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { offPolicyValue } from '../../bandits/index.ts'
import { leastSquaresBase } from '../../base-learners/index.ts'
import { crossFitOutcomes } from './cross-fit-outcomes.ts'
import { policyValue, treatAbove } from './policy-value.ts'

/** Outcomes 5 + x + w (x − 0.2) and noise, treatment by a chance that rises with x, a policy that treats x above 0. */
function draw(rows: number, seed: number) {
  const random = seededRandom(seed)
  const data = matrix(
    rows,
    1,
    Float64Array.from({ length: rows }, () => random.normal()),
  )
  const propensities = Float64Array.from(data.values, (own) => 0.2 + 0.6 / (1 + Math.exp(-own)))
  const treated = Uint8Array.from(propensities, (chance) => (random.uniform() < chance ? 1 : 0))
  const outcomes = Float64Array.from(data.values, (own, row) => 5 + own + treated[row]! * (own - 0.2) + random.normal())
  return { data, treated, outcomes, propensities, policy: treatAbove(data.values, 0) }
}

// E max(x, 0) of a normal x is 1 / √(2π); half of the customers are treated.
const truth = { value: 5 + 1 / Math.sqrt(2 * Math.PI) - 0.1 - 0.05, nobody: 1 / Math.sqrt(2 * Math.PI) - 0.15 }
const cost = 0.1

test('equals the off-policy estimators, which agree with Open Bandit Pipeline', async () => {
  const { policy, ...rows } = draw(400, 1)
  const { treated, outcomes, propensities } = rows
  const logOf = (own: number) => ({
    actions: treated,
    rewards: outcomes.map((outcome, row) => outcome - own * treated[row]!),
    propensities: propensities.map((chance, row) => (treated[row] === 1 ? chance : 1 - chance)),
  })
  const expected = await crossFitOutcomes(rows, { outcome: leastSquaresBase(), seed: 1 })
  const chances = matrix(400, 2)
  const predicted = matrix(400, 2)
  for (let row = 0; row < 400; row += 1) {
    chances.values.set([1 - policy[row]!, policy[row]!], 2 * row)
    predicted.values.set([expected.control[row]!, expected.treatment[row]! - cost], 2 * row)
  }
  // Ours charges the cost to everybody whom the policy treats, theirs to those who were treated: the same with a model.
  for (const [found, other] of [
    [policyValue(rows, policy), offPolicyValue(logOf(0), chances, { estimator: 'ips' })],
    [policyValue(rows, policy, { cost, expected }), offPolicyValue(logOf(cost), chances, { predicted })],
  ] as const) {
    if (!other.defined) throw new Error(other.because)
    expect(found.value.value).toBeCloseTo(other.value, 10)
    expect(found.value.standardError).toBeCloseTo(other.standardError, 10)
    expect(found.value.low).toBeCloseTo(other.low, 10)
  }
})

test('intervals hold the truth about as often as they say, and models narrow them', async () => {
  const held = { ips: 0, aipw: 0, nobody: 0 }
  let narrower = 0
  const runs = 150
  for (let seed = 1; seed <= runs; seed += 1) {
    const { policy, ...rows } = draw(300, seed)
    const options = { outcome: leastSquaresBase(), folds: 3, assignment: 'passed', seed } as const
    const expected = await crossFitOutcomes(rows, options)
    const ips = policyValue(rows, policy, { cost })
    const aipw = policyValue(rows, policy, { cost, expected })
    held.ips += Number(ips.value.low <= truth.value && truth.value <= ips.value.high)
    held.aipw += Number(aipw.value.low <= truth.value && truth.value <= aipw.value.high)
    held.nobody += Number(aipw.overNobody.low <= truth.nobody && truth.nobody <= aipw.overNobody.high)
    narrower += Number(aipw.value.standardError < ips.value.standardError)
  }
  // 142.5 of 150 are expected; 134 is three standard deviations below.
  for (const count of Object.values(held)) expect(count).toBeGreaterThanOrEqual(134)
  expect(narrower).toBe(runs)
})

test('treating everybody or nobody is worth their difference, and a chance lies between', () => {
  const { policy, ...rows } = draw(500, 3)
  const worthOf = (treat: ArrayLike<number>) => policyValue(rows, treat, { cost })
  const all = worthOf(policy.map(() => 1))
  const none = worthOf(policy.map(() => 0))
  expect(all.overNobody.value).toBeCloseTo(all.value.value - none.value.value, 10)
  expect(all.overEverybody).toMatchObject({ value: 0, standardError: 0 })
  expect(none.overEverybody.value).toBeCloseTo(-all.overNobody.value, 10)
  expect([all.treated, none.treated]).toEqual([1, 0])
  const half = worthOf(new Float64Array(500).fill(0.5))
  expect(half.value.value).toBeCloseTo((all.value.value + none.value.value) / 2, 10)
  const weights = Float64Array.from({ length: 500 }, (_, row) => (row < 300 ? 1 : 0))
  const first = {
    treated: rows.treated.slice(0, 300),
    outcomes: rows.outcomes.slice(0, 300),
    propensities: rows.propensities.slice(0, 300),
  }
  const weighted = policyValue({ ...rows, weights }, policy)
  expect(weighted.value.value).toBeCloseTo(policyValue(first, policy.slice(0, 300)).value.value, 10)
  expect(weighted.value.standardError).toBeCloseTo(policyValue(first, policy.slice(0, 300)).value.standardError, 10)
})

test('what means nothing is refused', () => {
  const { policy, ...rows } = draw(50, 4)
  expect(() => policyValue(rows, policy.slice(1))).toThrow('treated must hold one number a row (49), got 50')
  expect(() => policyValue(rows, new Float64Array(50).fill(2))).toThrow('got 2 at row 0')
  expect(() => policyValue(rows, policy, { cost: NaN })).toThrow('cost must be a finite number, got NaN')
  expect(() => policyValue(rows, policy, { level: 1 })).toThrow('level must be between 0 and 1, got 1')
  const expected = { control: new Float64Array(50), treatment: new Float64Array(49) }
  expect(() => policyValue(rows, policy, { expected })).toThrow('expected must hold one number a row (50), got 49')
  expect(() => policyValue({ ...rows, propensities: 1 }, policy)).toThrow('must be above 0 and below 1, got 1 at row 0')
  expect(() => treatAbove([NaN], 0)).toThrow('got NaN at row 0')
})
