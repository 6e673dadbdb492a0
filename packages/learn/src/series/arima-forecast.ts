import type { ArimaModel } from './arima.ts'
import { differencing, multipliedOut, product } from './arma-polynomials.ts'
import { checkForecast, type Forecast, type ForecastOptions, normalForecast } from './forecast.ts'

/**
 * The next values by `fitArima`; bounds by the errors to come, those of the coefficients left out.
 *
 * @throws RapportError `forecast.horizon`, `forecast.confidence`
 */
export function forecastArima(model: ArimaModel, options: ForecastOptions): Forecast {
  const { horizon, confidence } = checkForecast(options)
  const { order, period, sigma } = model
  const out = multipliedOut(model, period)
  const powers = differencing(order.differences, order.seasonalDifferences, period)
  const lost = powers.length - 1
  const state = model.state.slice()
  const values = new Float64Array(lost + horizon)
  values.set(model.last)
  const mean = Float64Array.from({ length: horizon }, (_, step) => {
    let value = state[0]! + model.mean
    for (let row = 0; row < state.length; row += 1) {
      state[row] = (out.autoregressive[row] ?? 0) * (value - model.mean) + (state[row + 1] ?? 0)
    }
    // Differences summed up again: the polynomial's first coefficient is 1.
    for (let lag = 1; lag <= lost; lag += 1) value -= powers[lag]! * values[lost + step - lag]!
    values[lost + step] = value
    return value
  })
  // What an error of 1 now does to the value of each later step.
  const memory = product(powers, Float64Array.of(1, ...out.autoregressive.map((value) => -value)))
  const effects = new Float64Array(horizon)
  let sum = 0
  const deviation = mean.map((_, step) => {
    let effect = step === 0 ? 1 : (out.movingAverage[step - 1] ?? 0)
    for (let lag = 1; lag <= Math.min(step, memory.length - 1); lag += 1) effect -= memory[lag]! * effects[step - lag]!
    effects[step] = effect
    sum += effect * effect
    return sigma * Math.sqrt(sum)
  })
  return normalForecast(mean, deviation, confidence)
}
