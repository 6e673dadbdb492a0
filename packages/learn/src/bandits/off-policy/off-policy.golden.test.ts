import { matrixFromRows } from '@rapport/numerics'
import { test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { type OffPolicyEstimator, offPolicyValue } from '../index.ts'

// Reference: Open Bandit Pipeline 0.5.7 (values; standard errors from its values by decision; clipped SNIPS by numpy); made
// by golden/make/off-policy.py. Means of the same sixty numbers: only the order of additions differs.
const { values: golden, agree } = readGolden<{
  actions: number[]
  rewards: number[]
  propensities: number[]
  policy: number[][]
  predicted: number[][]
  cases: { estimator: OffPolicyEstimator; weightMax: number | null; value: number; standardError: number }[]
}>(new URL('golden/off-policy.json', import.meta.url))

test.each(golden.cases)(
  '$estimator with weights up to $weightMax',
  ({ estimator, weightMax, value, standardError }) => {
    const found = offPolicyValue(golden, matrixFromRows(golden.policy), {
      estimator,
      predicted: matrixFromRows(golden.predicted),
      weightMax: weightMax ?? Infinity,
    })
    if (!found.defined) throw new Error(found.because)
    agree('off-policy values', [found.value, found.standardError], [value, standardError], 1e-13)
  },
)
