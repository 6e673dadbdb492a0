import { type Matrix, matrix } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type LoggedDecisions,
  type OffPolicyEstimate,
  type OffPolicyValue,
  offPolicyValue,
  policyOf,
} from '../index.ts'

const estimators = ['direct', 'ips', 'snips', 'doubly-robust', 'switch-doubly-robust'] as const

const chances = fc
  .array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((parts) => parts.map((part) => part / parts.reduce((sum, value) => sum + value, 0)))

const reward = fc.double({ min: -100, max: 100, noNaN: true })
const decision = fc.record({
  logging: chances,
  policy: chances,
  action: fc.integer({ min: 0, max: 2 }),
  reward,
  predicted: fc.array(reward, { minLength: 3, maxLength: 3 }),
})

interface Case {
  readonly log: LoggedDecisions
  readonly policy: Matrix
  readonly logging: Matrix
  readonly predicted: Matrix
}

const cases: fc.Arbitrary<Case> = fc.array(decision, { minLength: 4, maxLength: 30 }).map((rows) => {
  const of = (values: number[][]): Matrix => matrix(rows.length, 3, Float64Array.from(values.flat()))
  return {
    log: {
      actions: rows.map(({ action }) => action),
      rewards: rows.map((row) => row.reward),
      propensities: rows.map(({ logging, action }) => logging[action]!),
    },
    policy: of(rows.map(({ policy }) => policy)),
    logging: of(rows.map(({ logging }) => logging)),
    predicted: of(rows.map(({ predicted }) => predicted)),
  }
})

function valued(found: OffPolicyValue): OffPolicyEstimate {
  if (!found.defined) throw new Error(found.because)
  return found
}

test('the policy that logged is worth the mean reward', () => {
  fc.assert(
    fc.property(cases, ({ log, logging }) => {
      const mean = Array.from(log.rewards).reduce((sum, value) => sum + value, 0) / log.rewards.length
      for (const estimator of ['ips', 'snips'] as const) {
        const found = valued(offPolicyValue(log, logging, { estimator }))
        expect(found.value).toBeCloseTo(mean, 9)
        expect(found.weights.effectiveRows).toBeCloseTo(log.rewards.length, 9)
      }
    }),
  )
})

test('adding an amount to every reward and prediction adds it to the value, but with plain ips', () => {
  fc.assert(
    fc.property(cases, reward, ({ log, policy, predicted }, amount) => {
      const shifted = { ...log, rewards: Array.from(log.rewards, (value) => value + amount) }
      const moved = matrix(
        predicted.rows,
        3,
        Float64Array.from(predicted.values, (value) => value + amount),
      )
      for (const estimator of estimators) {
        if (estimator === 'ips') continue
        const before = valued(offPolicyValue(log, policy, { estimator, predicted, weightMax: 2 }))
        const after = valued(offPolicyValue(shifted, policy, { estimator, predicted: moved, weightMax: 2 }))
        expect(after.value).toBeCloseTo(before.value + amount, 8)
        expect(after.standardError).toBeCloseTo(before.standardError, 8)
      }
    }),
  )
})

test('without predictions that say anything, doubly robust is ips; without weights, the switch is direct', () => {
  fc.assert(
    fc.property(cases, ({ log, policy, predicted }) => {
      const nothing = matrix(policy.rows, 3)
      const plain = valued(offPolicyValue(log, policy, { estimator: 'ips' }))
      expect(valued(offPolicyValue(log, policy, { predicted: nothing })).value).toBeCloseTo(plain.value, 9)
      const direct = valued(offPolicyValue(log, policy, { estimator: 'direct', predicted }))
      const options = { estimator: 'switch-doubly-robust', predicted, weightMax: 1e-9 } as const
      expect(valued(offPolicyValue(log, policy, options)).value).toBeCloseTo(direct.value, 9)
    }),
  )
})

test('predictions that are exact leave nothing to be mended', () => {
  fc.assert(
    fc.property(cases, ({ log, policy, predicted }) => {
      const rewards = Array.from(log.rewards, (_, row) => predicted.values[row * 3 + log.actions[row]!]!)
      const direct = valued(offPolicyValue({ ...log, rewards }, policy, { estimator: 'direct', predicted }))
      for (const estimator of ['doubly-robust', 'switch-doubly-robust'] as const) {
        const found = valued(offPolicyValue({ ...log, rewards }, policy, { estimator, predicted, weightMax: 1.5 }))
        expect(found.value).toBeCloseTo(direct.value, 9)
      }
    }),
  )
})

test('every row twice in one group each says no more than once', () => {
  fc.assert(
    fc.property(cases, ({ log, policy, predicted }) => {
      const twice = <Value>(values: ArrayLike<Value>): Value[] => [...Array.from(values), ...Array.from(values)]
      const doubled = {
        actions: twice(log.actions),
        rewards: twice(log.rewards),
        propensities: twice(log.propensities),
        groups: twice(Array.from(log.rewards, (_, row) => `customer ${row}`)),
      }
      const doubledOf = (of: Matrix): Matrix => matrix(2 * of.rows, 3, Float64Array.from(twice(of.values)))
      const once = valued(offPolicyValue(log, policy, { predicted }))
      const found = valued(offPolicyValue(doubled, doubledOf(policy), { predicted: doubledOf(predicted) }))
      expect(found.value).toBeCloseTo(once.value, 9)
      expect(found.standardError).toBeCloseTo(once.standardError, 9)
      expect(found.groups).toBe(once.n)
    }),
  )
})

test('the policy that takes what was taken sees every reward, weighted', () => {
  const log = { actions: [0, 1, 1], rewards: [1, 2, 3], propensities: [0.5, 0.25, 0.5] }
  const found = valued(offPolicyValue(log, policyOf([0, 1, 1], 2), { estimator: 'ips' }))
  expect(found.value).toBeCloseTo((2 + 8 + 6) / 3, 12)
  expect(found.weights.largest).toBe(4)
})
