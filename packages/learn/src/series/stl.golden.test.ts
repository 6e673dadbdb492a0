// Reference: statsmodels' STL and statsforecast's CrostonClassic, CrostonSBA and TSB, versions in the file; made by
// golden/make/series-stl.py.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
const golden: Golden = JSON.parse(readFileSync(new URL('golden/stl.json', import.meta.url), 'utf8'))

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
  for (const part of ['season', 'trend', 'weights'] as const) {
    for (const [at, value] of found[part].entries()) expect(value).toBeCloseTo(expected[part][at]!, 8)
  }
})

test.each(golden.intermittent)('demand now and then: Croston $croston, TSB $tsb', ({ values, ...expected }) => {
  expect(fitted(fitCroston(values, { unbiased: false })).mean).toBeCloseTo(expected.croston, 12)
  expect(fitted(fitCroston(values)).mean).toBeCloseTo(expected.sba, 12)
  expect(fitted(fitTsb(values, { sizeSmoothing: 0.2, chanceSmoothing: 0.05 })).mean).toBeCloseTo(expected.tsb, 12)
})
