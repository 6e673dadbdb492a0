import {
  evaluateRollingOrigin,
  type Forecast,
  type Forecaster,
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
  type SeriesTooShort,
} from '@rapport/learn'
import { dayMs, elapsedMs, type Instant, isoOf, RapportError, type Work } from '../../../base/index.ts'
import { storeBasis } from '../../../features/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { pause } from '../../pause.ts'
import type { NotEnough } from '../../result.ts'
import type { Prediction } from '../asking/definition.ts'
import { addModel, servingModel } from '../registry.ts'
import type { Trained, TrainOptions } from '../train.ts'
import type { SeriesCard, SeriesMethodQuality } from './series-card.ts'

const query = readQueries(new URL('./daily-sales.sql', import.meta.url))

/** Days of a week repeat; of a year there are seldom enough. */
const period = 7
const originsWanted = 8

/** What was sold each day, from the first sale to the last day that was over. */
export interface DailySales {
  /** `YYYY-MM-DD` of the first. */
  readonly firstDay: string
  /** `[days]` 0 on days without a sale. */
  readonly amounts: Float64Array
  readonly currency: string
}

type MethodName = 'seasonal naive' | 'ETS' | 'Theta' | 'ARIMA' | 'boosting on lags'

/** The plainest, which is the baseline, first. */
const methods: Readonly<Record<MethodName, Forecaster>> = {
  'seasonal naive': (values, horizon) =>
    made(fitSeasonalNaive(values, { period }), (model) => forecastSeasonalNaive(model, { horizon, confidence })),
  Theta: (values, horizon) =>
    made(fitTheta(values, { period }), (model) => forecastTheta(model, { horizon, confidence })),
  ETS: (values, horizon) =>
    made(fitEts(values, { period }), (model) => forecastEts(model, { horizon, confidence, seed: 1 })),
  ARIMA: (values, horizon) =>
    made(fitAutoArima(values, { period }), (model) => forecastArima(model, { horizon, confidence })),
  'boosting on lags': async (values, horizon) =>
    made(await fitLagBoosting(values, { horizon, period, seed: 1 }), (model) =>
      forecastLagBoosting(model, { horizon, confidence }),
    ),
}

const confidence = 0.8

const made = <Model extends { readonly kind: string }>(
  model: Model | SeriesTooShort,
  forecast: (model: Exclude<Model, SeriesTooShort>) => Forecast,
): Forecast | SeriesTooShort =>
  model.kind === 'too-short' ? (model as SeriesTooShort) : forecast(model as Exclude<Model, SeriesTooShort>)

/** @returns why not, in a store that has sold nothing */
export async function readDailySales(warehouse: Warehouse, asOf: Instant): Promise<DailySales | NotEnough> {
  const { timezone, currency } = await storeBasis(warehouse, asOf)
  const read = await warehouse.columns(query('daily_sales'), { timezone, currency, until: { instant: asOf } })
  // The day of the moment itself may still go on.
  const days = Array.from(read.numbers('day')).slice(0, -1)
  if (days.length === 0) return { found: false, because: 'no day with a sale is over yet' }
  const sold = read.numbers('amount')
  const amounts = new Float64Array(days.at(-1)! - days[0]! + 1)
  days.forEach((day, row) => {
    amounts[day - days[0]!] = sold[row]!
  })
  return { firstDay: isoOf(days[0]! * dayMs).slice(0, 10), amounts, currency }
}

/**
 * Chooses how to forecast what the shop sells: each method is judged by what it would have said at moments of the past, and
 * one that is harder to read than the seasonal naive is taken only where its errors are smaller.
 *
 * @returns why not, where the history is shorter than three horizons or eight weeks
 */
export async function trainSeries(
  warehouse: Warehouse,
  { definition }: Prediction,
  { asOf, budgetMs }: TrainOptions,
  work?: Work,
): Promise<Trained<SeriesCard> | NotEnough> {
  const started = elapsedMs()
  const sales = await readDailySales(warehouse, asOf)
  if ('found' in sales) return sales
  const horizon = definition.horizonDays
  const { amounts, firstDay } = sales
  const least = Math.max(8 * period, 3 * horizon)
  if (amounts.length < least) {
    return { found: false, because: `sales must go back at least ${least} days, got ${amounts.length}` }
  }
  const qualities: SeriesMethodQuality[] = []
  const notTried: string[] = []
  let longest = 0
  for (const [name, forecaster] of Object.entries(methods)) {
    await pause(work)
    const spent = elapsedMs() - started
    if (qualities.length > 0 && spent + longest > budgetMs) {
      notTried.push(name)
      continue
    }
    work?.onProgress?.({ stage: name, done: qualities.length, total: Object.keys(methods).length })
    qualities.push(await judgeForecaster(name, forecaster, amounts, horizon))
    longest = Math.max(longest, elapsedMs() - started - spent)
  }
  const [naive] = qualities
  const best = qualities.reduce((left, right) => (right.mase < left.mase ? right : left), naive!)
  const card: SeriesCard = {
    ...{ kind: 'series', prediction: definition.name, predicts: definition.label, horizonDays: horizon },
    data: { from: firstDay, days: amounts.length, until: isoOf(asOf) },
    ...{ currency: sales.currency, tried: qualities, notTried, method: best.name },
    chosenBecause: `the lowest error at ${best.origins} moments of the past: ${qualities.map(({ name, mase }) => `${name} MASE ${mase.toFixed(3)}`).join(', ')}`,
    limits: [
      'it knows the days of the week and the trend, and nothing of holidays, prices or what will be advertised',
      ...(amounts.length < 2 * 365
        ? ['less than two years of sales: seasons of the year cannot be told from trends']
        : []),
      ...(best === naive ? ['no method is better than repeating the last week'] : []),
    ],
    seconds: Math.round((elapsedMs() - started) / 100) / 10,
  }
  const promotion = { serves: true, because: 'all methods were judged on the newest days, and it is the best of them' }
  const added = await addModel(warehouse, {
    ...{ definition, kind: best.name, asOf, card, fitted: { kind: 'series-model', method: best.name } },
    ...promotion,
  })
  return { found: true, ...added, card, ...promotion }
}

async function judgeForecaster(
  name: string,
  forecaster: Forecaster,
  amounts: Float64Array,
  horizon: number,
): Promise<SeriesMethodQuality> {
  const step = Math.max(1, Math.min(period, Math.floor((amounts.length - horizon - 6 * period) / originsWanted)))
  const ratios: number[] = []
  const watched: Forecaster = async (training, ahead) => {
    const forecast = await forecaster(training, ahead)
    if (!('kind' in forecast)) {
      const came = sumOf(amounts.subarray(training.length, training.length + ahead))
      if (came > 0) ratios.push(sumOf(forecast.mean) / came - 1)
    }
    return forecast
  }
  const judged = await evaluateRollingOrigin(amounts, watched, { horizon, period, origins: originsWanted, step })
  const of = (metric: typeof judged.mase): number => (metric.defined ? metric.value : Number.POSITIVE_INFINITY)
  return {
    ...{ name, origins: judged.origins, mase: of(judged.mase), smape: of(judged.smape) },
    coverage: judged.coverage.defined ? judged.coverage.value : null,
    totalError: ratios.length === 0 ? null : Math.sqrt(ratios.reduce((sum, one) => sum + one * one, 0) / ratios.length),
  }
}

const sumOf = (values: ArrayLike<number>): number =>
  Array.prototype.reduce.call(values, (sum, value) => Number(sum) + Number(value), 0) as number

export interface RevenueForecast {
  readonly modelId: string
  readonly method: string
  readonly currency: string
  readonly days: readonly { readonly day: string; readonly mean: number; readonly low: number; readonly high: number }[]
  readonly total: { readonly mean: number; readonly low: number; readonly high: number }
  /** Sold over as many days before. */
  readonly before: number
}

/**
 * What the shop is expected to sell on each day to come, by the method that serves, fitted on all days to now. Bounds hold
 * eight of ten days each; those of the total come from how far totals were off in the past.
 *
 * @throws RapportError `predictions.model` when none was trained, `predictions.sales` without sales
 */
export async function forecastSeries(
  warehouse: Warehouse,
  { definition: { name, horizonDays } }: Prediction,
  asOf: Instant,
): Promise<RevenueForecast> {
  const serving = await servingModel(warehouse, name)
  const card = serving?.card
  if (!serving || card?.kind !== 'series') {
    throw new RapportError(
      'predictions.model',
      `${name} must be trained before it forecasts: rapport predict train ${name}`,
    )
  }
  const sales = await readDailySales(warehouse, asOf)
  if ('found' in sales) throw new RapportError('predictions.sales', sales.because)
  const forecast = await methods[card.method as MethodName](sales.amounts, horizonDays)
  if ('kind' in forecast) throw new RapportError('predictions.sales', forecast.message)
  const first = Date.parse(sales.firstDay) + sales.amounts.length * dayMs
  const mean = sumOf(forecast.mean)
  const off = 1.2816 * (card.tried.find((one) => one.name === card.method)?.totalError ?? 0)
  return {
    ...{ modelId: serving.modelId, method: card.method, currency: sales.currency },
    days: Array.from(forecast.mean, (value, step) => ({
      day: isoOf(first + step * dayMs).slice(0, 10),
      ...{ mean: value, low: Math.max(0, forecast.low[step]!), high: forecast.high[step]! },
    })),
    total: { mean, low: Math.max(0, mean * (1 - off)), high: mean * (1 + off) },
    before: sumOf(sales.amounts.subarray(-horizonDays)),
  }
}
