// Reference: mlforecast with scikit-learn's HistGradientBoostingRegressor, versions in the file; made by
// golden/make/series-lags.py. Both learn from gradients in single precision. Places in cycles are compared in recursive forecasts
// only: for direct ones mlforecast takes the place of the origin, ours is that of the step.
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { fitted } from '../forecast.contract.ts'
import { fitLagBoosting, forecastLagBoosting, type LagBoostingOptions } from './index.ts'

interface Case {
  readonly values: number[]
  readonly options: Omit<LagBoostingOptions, 'seed'>
  readonly mean: number[]
}
const { values: golden, agree } = readGolden<{ cases: Record<string, Case> }>(
  new URL('golden/lag-boosting.json', import.meta.url),
)

test.each(Object.entries(golden.cases))(
  '%s: forecasts are those of mlforecast',
  async (_, { values, options, mean }) => {
    const model = fitted(await fitLagBoosting(values, { ...options, logarithm: false, seed: 1 }))
    expect(model.models).toHaveLength(options.strategy === 'direct' ? options.horizon : 1)
    agree('boosting on lags', forecastLagBoosting(model, { horizon: options.horizon }).mean, mean, 1e-6)
  },
)
