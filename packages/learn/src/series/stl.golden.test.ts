// Reference: statsmodels' STL and statsforecast's CrostonClassic, CrostonSBA and TSB, versions in the file; made by
// golden/make/series-stl.py.
import { test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { fitted } from './forecast.contract.ts'
import { fitCroston, fitTsb } from './intermittent.ts'
import { decomposeStl } from './stl.ts'

interface Golden {
  stl: {
    values: number[]
    period: number
    options: { robust?: boolean; seasonal?: number; trend?: number }
    season: number[]
    trend: number[]
    weights: number[]
  }[]
  intermittent: { values: number[]; croston: number; sba: number; tsb: number }[]
}
const { values: golden, agree } = readGolden<Golden>(new URL('golden/stl.json', import.meta.url))

test.each(golden.stl)('STL with a period of $period and $options', ({ values, period, options, ...expected }) => {
  const found = fitted(
    decomposeStl(values, {
      period,
      robust: options.robust ?? false,
      ...(options.seasonal && { seasonalWindow: options.seasonal }),
      ...(options.trend && { trendWindow: options.trend }),
    }),
  )
  // The same algorithm; sums are taken in another order.
  for (const part of ['season', 'trend', 'weights'] as const) agree('STL', found[part], expected[part], 1e-8)
})

test.each(golden.intermittent)('demand now and then: Croston $croston, TSB $tsb', ({ values, ...expected }) => {
  const ours = [
    fitted(fitCroston(values, { unbiased: false })).mean,
    fitted(fitCroston(values)).mean,
    fitted(fitTsb(values, { sizeSmoothing: 0.2, chanceSmoothing: 0.05 })).mean,
  ]
  agree('Croston, SBA and TSB', ours, [expected.croston, expected.sba, expected.tsb], 1e-12)
})
