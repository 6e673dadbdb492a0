import { stopIfAborted, type Work } from '@rapport/numerics'
import { type ArimaModel, fitArima } from './arima.ts'
import { hasRootNearUnitCircle, multipliedOut } from './arma-polynomials.ts'
import { differencesNeeded, seasonalDifferencesNeeded } from './differencing-choice.ts'
import { checkedSeries, checkPeriod, largestOf, type SeriesTooShort } from './series.ts'

export interface AutoArimaOptions {
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
}

/** Orders of one candidate: p, q, P, Q, and whether there is a constant. */
interface Candidate {
  readonly p: number
  readonly q: number
  readonly seasonalP: number
  readonly seasonalQ: number
  readonly constant: boolean
}

const orderMax = 5
const seasonalOrderMax = 2
const modelsMax = 94

/**
 * ARIMA of the order with the lowest AICc that a stepwise search finds: differences by tests first, then from four simple
 * models on always to a better neighbour.
 *
 * Every candidate is fitted by exact likelihood, where R approximates it for long series. Models with a root within 1 % of
 * the unit circle are passed over.
 *
 * @param values `[n]` finite, oldest first
 * @returns the model, or why there is none
 * @throws RapportError as `fitArima`
 *
 * Cost: 10 to 40 fits, at most 94.
 * Source: Hyndman & Khandakar, "Automatic time series forecasting: the forecast package for R", Journal of Statistical
 * Software 27(3), 2008.
 *
 * @example
 * const model = fitAutoArima(monthlySales.map(Math.log), { period: 12 })
 * if (model.kind === 'arima') forecastArima(model, { horizon: 12 }).mean.map(Math.exp)
 */
export function fitAutoArima(
  values: ArrayLike<number>,
  { period = 1 }: AutoArimaOptions = {},
  work?: Work,
): ArimaModel | SeriesTooShort {
  const given = checkedSeries('arima', values)
  checkPeriod('arima', period)
  if (given.some(Number.isNaN)) return fitArima(given, { order: plainOrder })
  const series = given.map((value) => value / (largestOf(given) || 1))
  const seasonalDifferences = seasonalDifferencesNeeded(series, period)
  const apart = seasonalDifferences === 0 ? series : series.slice(period).map((value, at) => value - series[at]!)
  const differences = differencesNeeded(apart)
  const constant = differences + seasonalDifferences <= 1

  const seen = new Map<string, ArimaModel | SeriesTooShort>()
  const tried = (candidate: Candidate): ArimaModel | SeriesTooShort => {
    const key = Object.values(candidate).join()
    const before = seen.get(key)
    if (before !== undefined) return before
    stopIfAborted(work)
    const order = {
      autoregressive: candidate.p,
      differences,
      movingAverage: candidate.q,
      seasonalAutoregressive: candidate.seasonalP,
      seasonalDifferences,
      seasonalMovingAverage: candidate.seasonalQ,
    }
    const found = fitArima(
      given,
      { order, period, constant: candidate.constant, starts: 1 },
      work?.signal && { signal: work.signal },
    )
    seen.set(key, found)
    work?.onProgress?.({ stage: 'trying orders', done: seen.size, total: modelsMax })
    return found
  }

  const season = period > 1 ? 1 : 0
  const starts: Candidate[] = [
    { p: 2, q: 2, seasonalP: season, seasonalQ: season, constant },
    { p: 0, q: 0, seasonalP: 0, seasonalQ: 0, constant },
    { p: 1, q: 0, seasonalP: season, seasonalQ: 0, constant },
    { p: 0, q: 1, seasonalP: 0, seasonalQ: season, constant },
    { p: 0, q: 0, seasonalP: 0, seasonalQ: 0, constant: false },
  ]
  let best = starts[1]!
  let model = tried(best)
  const isBetter = (found: ArimaModel | SeriesTooShort): boolean =>
    found.kind === 'arima' && isUsable(found) && (model.kind !== 'arima' || found.aicc < model.aicc)
  for (const start of starts) {
    const found = tried(start)
    if (isBetter(found)) [best, model] = [start, found]
  }
  for (let moved = true; moved && seen.size < modelsMax; ) {
    moved = false
    for (const neighbour of neighboursOf(best, period, differences + seasonalDifferences <= 1)) {
      if (seen.size >= modelsMax) break
      const found = tried(neighbour)
      if (!isBetter(found)) continue
      ;[best, model] = [neighbour, found]
      moved = true
      break
    }
  }
  if (model.kind === 'arima') model = fitArima(given, { order: model.order, period, constant: best.constant })
  work?.onProgress?.({ stage: 'trying orders', done: modelsMax, total: modelsMax })
  return model
}

const plainOrder = { autoregressive: 0, differences: 0, movingAverage: 0 }

function isUsable(model: ArimaModel): boolean {
  const { autoregressive, movingAverage } = multipliedOut(model, model.period)
  return !hasRootNearUnitCircle(autoregressive) && !hasRootNearUnitCircle(movingAverage.map((value) => -value))
}

/** The orders one step away: seasonal ones first, then the others, then with or without the constant, as R goes. */
function neighboursOf(from: Candidate, period: number, mayHaveConstant: boolean): Candidate[] {
  const steps = [
    [-1, 0],
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const
  const seasonal = period > 1 ? steps : []
  const all = [
    ...seasonal.map(([dp, dq]) => ({ ...from, seasonalP: from.seasonalP + dp, seasonalQ: from.seasonalQ + dq })),
    ...steps.map(([dp, dq]) => ({ ...from, p: from.p + dp, q: from.q + dq })),
    ...(mayHaveConstant ? [{ ...from, constant: !from.constant }] : []),
  ]
  const within = (order: number, most: number): boolean => order >= 0 && order <= most
  return all.filter(
    ({ p, q, seasonalP, seasonalQ }) =>
      within(p, orderMax) &&
      within(q, orderMax) &&
      within(seasonalP, seasonalOrderMax) &&
      within(seasonalQ, seasonalOrderMax),
  )
}
