import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { offPolicyValue, uniformPolicy } from './index.ts'
import { openBanditItems, readOpenBandit } from './open-bandit.contract.ts'

// Published: the README of the data set, to the digits that it gives.
test.skipIf(withoutData)('the blind policy valued on the log of Thompson sampling', () => {
  const log = readOpenBandit('bts')
  const blind = uniformPolicy(log.rewards.length, openBanditItems)
  const ips = offPolicyValue(log, blind, { estimator: 'ips' })
  const snips = offPolicyValue(log, blind, { estimator: 'snips' })
  if (!(ips.defined && snips.defined)) throw new Error('no value')
  expect(ips.value).toBeCloseTo(0.0030086, 7)
  expect(snips.value).toBeCloseTo(0.0031894, 7)
  expect(ips.weights.mean).toBeCloseTo(0.943314, 6)
  const truth = readOpenBandit('random').rewards.reduce((sum, click) => sum + click, 0) / 10_000
  expect(truth).toBeCloseTo(0.0046, 12)
})
