import { forecastFromPast, judgePastForecasts, type PastForecast } from '@rapport/learn'
import { elapsedMs } from '../../../base/index.ts'
import { type MethodName, methods, period } from './forecasters.ts'
import type { SeriesMethodQuality } from './series-card.ts'

export const originsWanted = 8

/** A method with what it would have said at the newest moments of the past. */
export interface JudgedMethod {
  readonly name: MethodName
  readonly quality: SeriesMethodQuality
  readonly past: readonly PastForecast[]
  /** Days between one moment and the next. */
  readonly step: number
  /** What asking it at one moment takes. */
  readonly ms: number
}

export async function judgeForecaster(name: MethodName, amounts: Float64Array, horizon: number): Promise<JudgedMethod> {
  const step = Math.max(1, Math.min(period, Math.floor((amounts.length - horizon - 6 * period) / originsWanted)))
  const started = elapsedMs()
  const { past } = await forecastFromPast(amounts, methods[name](), { horizon, origins: originsWanted, step })
  const took = elapsedMs() - started
  const judged = judgePastForecasts(amounts, past, { horizon, period })
  const ratios = totalsOf(past).map(({ said, came }) => said / came - 1)
  const of = (metric: typeof judged.mase): number => (metric.defined ? metric.value : Number.POSITIVE_INFINITY)
  const quality = {
    ...{ name, origins: judged.origins, mase: of(judged.mase), smape: of(judged.smape) },
    coverage: judged.coverage.defined ? judged.coverage.value : null,
    totalError: ratios.length === 0 ? null : Math.sqrt(ratios.reduce((sum, one) => sum + one * one, 0) / ratios.length),
  }
  return { name, quality, past, step, ms: took / originsWanted }
}

/** What was said of whole horizons and what came, of those in which anything did. */
export const totalsOf = (
  past: readonly PastForecast[],
): { readonly origin: number; readonly said: number; readonly came: number }[] =>
  past
    .map(({ origin, forecast, actual }) => ({ origin, said: sumOf(forecast.mean), came: sumOf(actual) }))
    .filter(({ said, came }) => said > 0 && came > 0)

export const sumOf = (values: ArrayLike<number>): number =>
  Array.prototype.reduce.call(values, (sum, value) => Number(sum) + Number(value), 0) as number
