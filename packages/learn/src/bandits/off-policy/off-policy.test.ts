import { matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { boostingRegressionBase, forestRegressionBase, leastSquaresBase } from '../../base-learners/index.ts'
import { evaluatePolicy, offPolicyValue, policyOf, predictRewards, uniformPolicy } from '../index.ts'
import { simulateLog } from './simulated.contract.ts'

const log = { actions: [0, 1, 1, 0], rewards: [0, 1, 0, 1], propensities: [0.5, 0.5, 0.5, 0.5] }
const always = policyOf([1, 1, 1, 1], 2)

test('the example of the docstring', () => {
  expect(offPolicyValue(log, always)).toMatchObject({ estimator: 'snips', value: 0.5, n: 4, groups: 4 })
})

test('weights above the limit are counted, with what they stand for', () => {
  const found = offPolicyValue(log, always, { estimator: 'ips', weightMax: 1 })
  expect(found).toMatchObject({
    value: 0.25,
    weights: { mean: 1, largest: 2, effectiveRows: 2, clippedShare: 0.5, clippedMass: 1 },
  })
})

test('what cannot be told says why', () => {
  const other = { ...log, actions: [0, 0, 0, 0] }
  expect(offPolicyValue(other, always)).toEqual({ defined: false, because: 'no-overlap' })
  const one = { actions: [1], rewards: [1], propensities: [1] }
  expect(offPolicyValue(one, policyOf([1], 2))).toEqual({ defined: false, because: 'too-few-groups' })
  expect(offPolicyValue({ actions: [], rewards: [], propensities: [] }, matrix(0, 2))).toEqual({
    defined: false,
    because: 'too-few-groups',
  })
  expect(offPolicyValue({ ...log, groups: ['a', 'a', 'a', 'a'] }, always)).toMatchObject({ because: 'too-few-groups' })
})

test('what means nothing is refused', () => {
  const refusal = (changes: object, options = {}): string => {
    try {
      offPolicyValue({ ...log, ...changes }, always, options)
      return 'nothing refused'
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(refusal({ rewards: [0, 1] })).toBe('rewards must hold one a row of the policy (4), got 2')
  expect(refusal({ rewards: [0, 1, Number.NaN, 1] })).toBe('rewards must be finite, got NaN at row 2')
  expect(refusal({ rewards: [0, Infinity, 0, 1] })).toBe('rewards must be finite, got Infinity at row 1')
  expect(refusal({ actions: [0, 2, 0, 1] })).toBe('actions must be whole numbers from 0 to 1, got 2 at row 1')
  expect(refusal({ propensities: [0.5, 0, 1, 1] })).toBe('propensities must be above 0 and at most 1, got 0 at row 1')
  expect(refusal({ groups: [1, Number.NaN, 1, 2] })).toBe('groups must be known, got NaN at row 1')
  expect(refusal({}, { estimator: 'direct' })).toBe('direct needs predicted rewards, got none')
  expect(refusal({}, { predicted: matrix(4, 3) })).toBe('predicted must be 4 × 2 as the policy, got 4 × 3')
  const hole = matrixFromRows([[0, 1], [1, 0], [0, Number.NaN], [1, 1]]) // biome-ignore format: a row a decision
  expect(refusal({}, { predicted: hole })).toBe('predicted must be finite, got NaN at row 2')
  expect(refusal({}, { weightMax: 0 })).toBe('weightMax must be above 0, got 0')
  expect(refusal({}, { confidence: 1 })).toBe('confidence must be between 0 and 1, got 1')
  const short = matrixFromRows([[0.5, 0.4]])
  expect(() => offPolicyValue({ actions: [0], rewards: [0], propensities: [1] }, short)).toThrow(
    'the chances of a row must add up to 1, got 0.9 at row 0',
  )
  expect(() => offPolicyValue(log, uniformPolicy(4, 0))).toThrow('the policy must have at least one action, got none')
})

const simulated = simulateLog('amount', 300, 4)

test('predictions come from models that did not see the row', async () => {
  const options = { seed: 1, folds: 3 }
  const predicted = await predictRewards(simulated.contexts, simulated.log, 3, options)
  const rewards = Float64Array.from(simulated.log.rewards)
  rewards[7] = 1000
  const moved = await predictRewards(simulated.contexts, { ...simulated.log, rewards }, 3, options)
  expect(moved.values.subarray(21, 24)).toEqual(predicted.values.subarray(21, 24))
  expect(moved.values).not.toEqual(predicted.values)
})

test('an action that was never taken is expected to earn what the others do', async () => {
  const contexts = matrixFromRows([[0], [1], [0], [1], [0], [1]])
  const plain = { actions: [0, 0, 0, 0, 0, 0], rewards: [2, 2, 2, 2, 2, 2], propensities: [1, 1, 1, 1, 1, 1] }
  const predicted = await predictRewards(contexts, plain, 2, { seed: 1, folds: 2 })
  expect([...predicted.values]).toEqual(new Array(12).fill(2))
})

test.each([
  ['least squares', leastSquaresBase({ penalty: 1 })],
  ['boosting', boostingRegressionBase()],
  ['a forest', forestRegressionBase()],
])('rewards by %s: near the truth, the same again', async (_, learner) => {
  const { contexts, log: decisions, policy } = simulated
  const options = { learner, seed: 3, folds: 2 } as const
  const found = await evaluatePolicy(contexts, decisions, policy, options)
  if (!found.defined) throw new Error(found.because)
  expect(Math.abs(found.value + 1.015)).toBeLessThan(4 * found.standardError)
  expect(await evaluatePolicy(contexts, decisions, policy, options)).toEqual(found)
  expect(structuredClone(found)).toEqual(found)
})

test('models that are taken at their word cost the interval of direct and of the switch', async () => {
  const { contexts, log: decisions, policy } = simulated
  const predicted = await predictRewards(contexts, decisions, 3, { seed: 3 })
  for (const estimator of ['direct', 'switch-doubly-robust'] as const) {
    const given = offPolicyValue(decisions, policy, { estimator, predicted, weightMax: 1 })
    const fitted = await evaluatePolicy(contexts, decisions, policy, { estimator, weightMax: 1, seed: 3 })
    if (!(given.defined && fitted.defined)) throw new Error('no value')
    expect(fitted.value).toBe(given.value)
    expect(fitted.standardError).toBeGreaterThan(given.standardError)
  }
})

test('work is told of, and stops', async () => {
  const { contexts, log: decisions, policy } = simulated
  const options = { estimator: 'direct', seed: 3, refits: 5, folds: 2 } as const
  const done: number[] = []
  await evaluatePolicy(contexts, decisions, policy, options, { onProgress: (progress) => done.push(progress.done) })
  expect(done).toEqual([1, 2, 3, 4, 5])
  await expect(
    evaluatePolicy(contexts, decisions, policy, options, { signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'work.aborted' })
  await expect(evaluatePolicy(matrix(2, 3), decisions, policy, options)).rejects.toMatchObject({
    code: 'off-policy.contexts',
  })
  await expect(evaluatePolicy(contexts, decisions, policy, { ...options, folds: 1 })).rejects.toThrow(
    'folds must be a whole number from 2 to 300 (groups), got 1',
  )
  await expect(evaluatePolicy(contexts, decisions, policy, { ...options, refits: 3 })).rejects.toThrow(
    'refits must be a whole number from 5 to 300 (groups), got 3',
  )
})
