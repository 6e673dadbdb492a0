import { metricValue } from '../../packages/learn/src/metrics/metric.ts'
import { fitted, readPassengers } from '../../packages/learn/src/series/forecast.contract.ts'
import {
  type Forecast,
  fitArima,
  fitAutoArima,
  fitEts,
  fitLagBoosting,
  fitSeasonalNaive,
  fitTheta,
  forecastArima,
  forecastEts,
  forecastLagBoosting,
  forecastSeasonalNaive,
  forecastTheta,
  mase,
} from '../../packages/learn/src/series/index.ts'
import { errorsOf, type M4Forecaster } from '../../packages/learn/src/series/m4.contract.ts'
import { type Measured, needsData, prove } from './record.ts'

// Figures of the READMEs of air_passengers (R forecast 8.20) and m4_weekly_hourly (the competition's own table).

const logs = (values: Float64Array): Float64Array => values.map((value) => Math.log(value))

prove({
  name: 'series-arima-passengers',
  claim:
    'ARIMA(0,1,1)(0,1,1)[12] of the logarithms, found by the automatic search: coefficients, standard errors and log-likelihood as R forecast gives them, and the twelve months of 1961 within 0.1 %',
  cannot: needsData,
  measure: () => {
    const model = fitted(fitAutoArima(logs(readPassengers()), { period: 12 }))
    const { order, movingAverage, seasonalMovingAverage, standardErrors, logLikelihood } = model
    const found = [-movingAverage[0]!, -seasonalMovingAverage[0]!, ...standardErrors, logLikelihood]
    const published = [0.4018, 0.5569, 0.0896, 0.0731, 244.7]
    const forecasts = forecastArima(model, { horizon: 12 }).mean.map(Math.exp)
    const inR = [
      450.4224, 425.7172, 479.0068, 492.4045, 509.055, 583.3449, 670.0108, 667.0776, 558.1894, 497.2078, 429.872,
      477.2426,
    ]
    const farthest = Math.max(...inR.map((value, at) => Math.abs(forecasts[at]! / value - 1)))
    const orders = Object.values(order).join()
    return {
      figure:
        `orders ${orders}; ` +
        `${published.map((value, at) => `${found[at]!.toFixed(4)} (${value})`).join(', ')}; forecasts at most ${(100 * farthest).toFixed(3)} % apart`,
      isMet:
        orders === '0,1,1,0,1,1' &&
        published.every((value, at) => Math.abs(found[at]! / value - 1) < 0.005) &&
        farthest < 0.001,
    }
  },
})

/** The last two years, after all before them. */
function passengersAhead(forecast: (training: Float64Array, horizon: number) => ArrayLike<number>) {
  const values = readPassengers()
  const [training, ahead] = [values.slice(0, 120), values.slice(120)]
  const mean = forecast(training, 24)
  const squares = ahead.reduce((sum, value, at) => sum + (value - mean[at]!) ** 2, 0)
  return { rmse: Math.sqrt(squares / 24), mase: metricValue(mase(Float64Array.from(mean), ahead, training, 12)) }
}

prove({
  name: 'series-passengers-ahead',
  claim:
    '1959 and 1960 forecast from what came before, RMSE and MASE beside R: seasonal naive and ARIMA(0,1,1)(0,1,1) of logarithms the same to 1 %, Theta and automatic ETS no more than 2 % worse',
  cannot: needsData,
  measure: (): Measured => {
    const order = {
      ...{ autoregressive: 0, differences: 1, movingAverage: 1 },
      ...{ seasonalAutoregressive: 0, seasonalDifferences: 1, seasonalMovingAverage: 1 },
    }
    const rows = [
      {
        ...{ name: 'seasonal naive', rmse: 76.9946, mase: 2.4935, isMet: near(0.01) },
        found: passengersAhead(
          (training, horizon) =>
            forecastSeasonalNaive(fitted(fitSeasonalNaive(training, { period: 12 })), { horizon }).mean,
        ),
      },
      {
        ...{ name: 'ARIMA', rmse: 43.1837, mase: 1.3805, isMet: near(0.01) },
        found: passengersAhead((training, horizon) =>
          forecastArima(fitted(fitArima(logs(training), { order, period: 12 })), { horizon }).mean.map(Math.exp),
        ),
      },
      {
        ...{ name: 'Theta', rmse: 71.3551, mase: 2.2123, isMet: atMost(1.02) },
        found: passengersAhead(
          (training, horizon) => forecastTheta(fitted(fitTheta(training, { period: 12 })), { horizon }).mean,
        ),
      },
      {
        ...{ name: 'ETS', rmse: 72.5479, mase: 2.2122, isMet: atMost(1.02) },
        found: passengersAhead(
          (training, horizon) => forecastEts(fitted(fitEts(training, { period: 12 })), { horizon }).mean,
        ),
      },
    ]
    return {
      figure: `ours (R): ${rows.map(({ name, found, ...r }) => `${name} ${found.rmse.toFixed(4)} (${r.rmse}), ${found.mase.toFixed(4)} (${r.mase})`).join('; ')}`,
      isMet: rows.every(({ found, rmse, mase, isMet }) => isMet(found.rmse, rmse) && isMet(found.mase, mase)),
    }
  },
})

const near =
  (share: number) =>
  (found: number, published: number): boolean =>
    Math.abs(found / published - 1) < share
const atMost =
  (factor: number) =>
  (found: number, published: number): boolean =>
    found < factor * published

const naive =
  (period: number): M4Forecaster =>
  (training, horizon): Forecast =>
    forecastSeasonalNaive(fitted(fitSeasonalNaive(training, { period })), { horizon })
const theta =
  (period: number): M4Forecaster =>
  (training, horizon): Forecast =>
    forecastTheta(fitted(fitTheta(training, { period })), { horizon })

const frequencies = {
  weekly: { name: 'Weekly', period: 1, naive: 9.161, theta: 9.093, series: 359 },
  hourly: { name: 'Hourly', period: 24, naive: 13.912, theta: 18.138, series: 414 },
} as const

for (const [frequency, { name, period, series, ...official }] of Object.entries(frequencies)) {
  prove({
    name: `series-m4-${frequency}`,
    claim: `M4, all ${series} ${frequency} series: sMAPE of the (seasonal) naive as official to 3 decimals, of Theta within 0.3`,
    cannot: needsData,
    measure: async () => {
      const found = {
        naive: await errorsOf(name, period, naive(period)),
        theta: await errorsOf(name, period, theta(period)),
      }
      return {
        figure: `${found.theta.series} series; naive ${found.naive.smape.toFixed(3)} (official ${official.naive}), Theta ${found.theta.smape.toFixed(3)} (${official.theta})`,
        isMet:
          found.theta.series === series &&
          Math.abs(found.naive.smape - official.naive) < 0.00051 &&
          Math.abs(found.theta.smape - official.theta) < 0.3,
      }
    },
  })
}

const automatic = {
  ets: (training: Float64Array, horizon: number): Forecast => forecastEts(fitted(fitEts(training)), { horizon }),
  arima: (training: Float64Array, horizon: number): Forecast =>
    forecastArima(fitted(fitAutoArima(training)), { horizon }),
}

for (const [method, forecaster] of Object.entries(automatic)) {
  prove({
    name: `series-m4-${method}`,
    claim: `M4 weekly: automatic ${method.toUpperCase()} below the official sMAPE of the naive, 9.161, and of Theta, 9.093`,
    cannot: needsData,
    measure: async () => {
      const found = await errorsOf('Weekly', 1, forecaster)
      return {
        figure: `sMAPE ${found.smape.toFixed(3)}; MASE ${found.mase.toFixed(3)} (naive 2.777, Theta 2.637)`,
        isMet: found.smape < 9.093,
      }
    },
  })
}

prove({
  name: 'series-m4-boosting',
  claim:
    'M4: boosting on lags, each series by itself: hourly below the official sMAPE and MASE of the seasonal naive, 13.912 and 1.193; weekly below the MASE of the naive, 2.777',
  cannot: needsData,
  measure: async () => {
    const boosted =
      (period: number): M4Forecaster =>
      async (training, horizon) => {
        const model = await fitLagBoosting(training, { horizon, period, seed: 1 })
        // Weekly series of 80 values are too short to learn from.
        return model.kind === 'too-short' ? naive(period)(training, horizon) : forecastLagBoosting(model, { horizon })
      }
    const [hourly, weekly] = [await errorsOf('Hourly', 24, boosted(24)), await errorsOf('Weekly', 1, boosted(1))]
    return {
      figure: `hourly sMAPE ${hourly.smape.toFixed(3)}, MASE ${hourly.mase.toFixed(3)}; weekly ${weekly.smape.toFixed(3)} (naive 9.161), ${weekly.mase.toFixed(3)}`,
      isMet: hourly.smape < 13.912 && hourly.mase < 1.193 && weekly.mase < 2.777,
    }
  },
})
