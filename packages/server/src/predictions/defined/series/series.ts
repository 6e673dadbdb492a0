import { applyForecastMargins } from '@rapport/learn'
import { dayMs, elapsedMs, type Instant, isoOf, RapportError, type Work } from '../../../base/index.ts'
import { storeBasis } from '../../../features/index.ts'
import { readQueries, type Warehouse } from '../../../warehouse/index.ts'
import { pause } from '../../pause.ts'
import type { NotEnough } from '../../result.ts'
import type { Prediction } from '../asking/definition.ts'
import { addModel } from '../registry.ts'
import { notTrained, servingModel } from '../serving.ts'
import type { Trained, TrainOptions } from '../train.ts'
import { boundLimits, boundsOf, type KeptSeries } from './bounds.ts'
import { type MethodName, methods, period } from './forecasters.ts'
import { type JudgedMethod, judgeForecaster, sumOf } from './judged-method.ts'
import type { SeriesCard } from './series-card.ts'

const query = readQueries(new URL('./daily-sales.sql', import.meta.url))

/** What was sold each day, from the first sale to the last day that was over. */
export interface DailySales {
  /** `YYYY-MM-DD` of the first. */
  readonly firstDay: string
  /** `[days]` 0 on days without a sale. */
  readonly amounts: Float64Array
  readonly currency: string
}

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
  const judged: JudgedMethod[] = []
  const notTried: string[] = []
  let longest = 0
  for (const name of Object.keys(methods) as MethodName[]) {
    await pause(work)
    const spent = elapsedMs() - started
    if (judged.length > 0 && spent + longest > budgetMs) {
      notTried.push(name)
      continue
    }
    work?.onProgress?.({ stage: name, done: judged.length, total: Object.keys(methods).length })
    judged.push(await judgeForecaster(name, amounts, horizon))
    longest = Math.max(longest, elapsedMs() - started - spent)
  }
  const [naive] = judged
  const best = judged.reduce((left, right) => (right.quality.mase < left.quality.mase ? right : left), naive!)
  await pause(work)
  work?.onProgress?.({ stage: 'bounds', done: 0, total: 1 })
  const bounds = await boundsOf(best, amounts, horizon, budgetMs - (elapsedMs() - started))
  const qualities = judged.map(({ quality }) => quality)
  const card: SeriesCard = {
    ...{ kind: 'series', prediction: definition.name, predicts: definition.label, horizonDays: horizon },
    data: { from: firstDay, days: amounts.length, until: isoOf(asOf) },
    ...{ currency: sales.currency, tried: qualities, notTried, method: best.name, bounds: bounds.told },
    chosenBecause: `the lowest error at ${best.quality.origins} moments of the past: ${qualities.map(({ name, mase }) => `${name} MASE ${mase.toFixed(3)}`).join(', ')}`,
    limits: [
      'it knows the days of the week and the trend, and nothing of holidays, prices or what will be advertised',
      ...(amounts.length < 2 * 365
        ? ['less than two years of sales: seasons of the year cannot be told from trends']
        : []),
      ...(bounds.margins === null
        ? ['too few moments of the past to tell how wide its bounds must be: they are as the method says']
        : []),
      ...boundLimits(bounds.told),
      ...(best === naive ? ['no method is better than repeating the last week'] : []),
    ],
    seconds: Math.round((elapsedMs() - started) / 100) / 10,
  }
  const promotion = { serves: true, because: 'all methods were judged on the newest days, and it is the best of them' }
  const added = await addModel(warehouse, {
    ...{ definition, kind: best.name, asOf, card, fitted: { kind: 'series-model', ...bounds.kept } },
    ...promotion,
  })
  return { found: true, ...added, card, ...promotion }
}

export interface RevenueForecast {
  readonly modelId: string
  readonly method: string
  readonly currency: string
  readonly days: readonly { readonly day: string; readonly mean: number; readonly low: number; readonly high: number }[]
  readonly total: { readonly mean: number; readonly low: number; readonly high: number }
  /** Sold over as many days before. */
  readonly before: number
  /** Shares of days, and of totals, that bounds made like these held at the newest moments of the past; null where it cannot be told. */
  readonly held: { readonly days: number | null; readonly totals: number | null }
}

/**
 * What the shop is expected to sell on each day to come, by the method that serves, fitted on all days to now. Bounds hold
 * eight of ten days each, and eight of ten totals, by how far off the method was in the past.
 *
 * @throws RapportError as `servingModel`, `predictions.sales` without sales
 */
export async function forecastSeries(
  warehouse: Warehouse,
  { definition: { name, horizonDays } }: Prediction,
  asOf: Instant,
): Promise<RevenueForecast> {
  const serving = await servingModel(warehouse, name, 'forecasts')
  const { card } = serving
  if (card.kind !== 'series') throw notTrained(name, 'forecasts')
  const sales = await readDailySales(warehouse, asOf)
  if ('found' in sales) throw new RapportError('predictions.sales', sales.because)
  const { method, margins, totalOff } = serving.fitted as KeptSeries
  const plain = await methods[method]()(sales.amounts, horizonDays)
  if ('kind' in plain) throw new RapportError('predictions.sales', plain.message)
  const forecast = margins ? applyForecastMargins(margins, plain) : plain
  const first = Date.parse(sales.firstDay) + sales.amounts.length * dayMs
  const mean = sumOf(forecast.mean)
  // Of a short past.
  const off = totalOff ?? 1.2816 * (card.tried.find((one) => one.name === card.method)?.totalError ?? 0)
  return {
    ...{ modelId: serving.modelId, method: card.method, currency: sales.currency },
    days: Array.from(forecast.mean, (value, step) => ({
      day: isoOf(first + step * dayMs).slice(0, 10),
      ...{ mean: value, low: Math.max(0, forecast.low[step]!), high: forecast.high[step]! },
    })),
    total: { mean, low: Math.max(0, mean * (1 - off)), high: mean * (1 + off) },
    before: sumOf(sales.amounts.subarray(-horizonDays)),
    held: { days: card.bounds.coverage, totals: card.bounds.totalCoverage },
  }
}
