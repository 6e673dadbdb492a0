import { readFileSync } from 'node:fs'
import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type OffPolicyEstimator, offPolicyValue } from '../index.ts'

// Reference: Open Bandit Pipeline 0.5.7 (values; standard errors from its values by decision; clipped SNIPS by numpy); made
// by golden/make/off-policy.py. Means of the same sixty numbers: only the order of additions differs.
const golden = JSON.parse(readFileSync(new URL('./golden/off-policy.json', import.meta.url), 'utf8')) as {
  actions: number[]
  rewards: number[]
  propensities: number[]
  policy: number[][]
  predicted: number[][]
  cases: { estimator: OffPolicyEstimator; weightMax: number | null; value: number; standardError: number }[]
}

test.each(golden.cases)(
  '$estimator with weights up to $weightMax',
  ({ estimator, weightMax, value, standardError }) => {
    const found = offPolicyValue(golden, matrixFromRows(golden.policy), {
      estimator,
      predicted: matrixFromRows(golden.predicted),
      weightMax: weightMax ?? Infinity,
    })
    if (!found.defined) throw new Error(found.because)
    expect(found.value).toBeCloseTo(value, 13)
    expect(found.standardError).toBeCloseTo(standardError, 13)
  },
)
