// The M4 competition's weekly and hourly series: seasons by the 90 % test as factors. Official figures: Theta 9.093 and
// 18.138, naive 9.161 (weekly), seasonal naive 13.912 (hourly).
import { expect, test } from 'vitest'
import { withoutData } from '../../../../tooling/test-data.ts'
import { fitted } from './forecast.contract.ts'
import { errorsOf, type M4Forecaster } from './m4.contract.ts'
import { fitSeasonalNaive, forecastSeasonalNaive } from './seasonal-naive.ts'
import { fitTheta, forecastTheta, type ThetaOptions } from './theta.ts'

const theta =
  (options: ThetaOptions): M4Forecaster =>
  (training, horizon) =>
    forecastTheta(fitted(fitTheta(training, options)), { horizon })

test.skipIf(withoutData)(
  'M4 weekly: Theta within 0.01 of the official sMAPE 9.093; the optimised one has the lower MASE',
  async () => {
    const found = await errorsOf('Weekly', 1, theta({}))
    expect(found.series).toBe(359)
    expect(Math.abs(found.smape - 9.093)).toBeLessThan(0.01)
    expect(Math.abs(found.mase - 2.637)).toBeLessThan(0.01)
    const optimised = await errorsOf('Weekly', 1, theta({ theta: 'optimised' }))
    expect(optimised.mase).toBeLessThan(found.mase)
    const naive = await errorsOf('Weekly', 1, (training, horizon) =>
      forecastSeasonalNaive(fitted(fitSeasonalNaive(training)), { horizon }),
    )
    expect(naive.smape).toBeCloseTo(9.161, 3)
  },
)

test.skipIf(withoutData)(
  'M4 hourly: Theta within 0.01 of the official sMAPE 18.138, seasonal naive exactly 13.912',
  async () => {
    const found = await errorsOf('Hourly', 24, theta({ period: 24 }))
    expect(found.series).toBe(414)
    expect(Math.abs(found.smape - 18.138)).toBeLessThan(0.01)
    expect(Math.abs(found.mase - 2.455)).toBeLessThan(0.01)
    const naive = await errorsOf('Hourly', 24, (training, horizon) =>
      forecastSeasonalNaive(fitted(fitSeasonalNaive(training, { period: 24 })), { horizon }),
    )
    expect(naive.smape).toBeCloseTo(13.912, 3)
    expect(naive.mase).toBeCloseTo(1.193, 3)
  },
)
