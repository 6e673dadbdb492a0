import {
  type ForecastMargins,
  fitConformalInterval,
  fitForecastMargins,
  forecastFromPast,
  type PastForecast,
} from '@rapport/learn'
import { confidence, type MethodName, methods, period } from './forecasters.ts'
import { type JudgedMethod, originsWanted, sumOf, totalsOf } from './judged-method.ts'
import type { SeriesCard } from './series-card.ts'

/** Earlier moments at which the method that is taken is asked too, for its bounds; the fewest, where there is no time. */
const [earlierOrigins, earlierOriginsMin] = [12, 4]

export interface Bounds {
  readonly margins: ForecastMargins | null
  readonly told: SeriesCard['bounds']
  readonly kept: KeptSeries
}

/** A model of a series as it is kept. */
export interface KeptSeries {
  readonly method: MethodName
  /** How its bounds are widened; null where the past was too short for it. */
  readonly margins: ForecastMargins | null
  /** Share of a total that it may be off by, in eight of ten cases; null likewise. */
  readonly totalOff: number | null
}

/**
 * How wide bounds must be, from further moments of the past: at the newest ones, bounds by what was known before show how
 * well that holds.
 *
 * @param leftMs time that is left for it
 */
export async function boundsOf(
  { name, past: newest, step, ms }: JudgedMethod,
  amounts: Float64Array,
  horizon: number,
  leftMs: number,
): Promise<Bounds> {
  const before = amounts.length - horizon - originsWanted * step
  const room = Math.floor((before - 6 * period) / step) + 1
  const inTime = Math.max(earlierOriginsMin, Math.floor(leftMs / Math.max(1, ms)))
  const origins = Math.min(earlierOrigins, inTime, Math.max(0, room))
  const earlier =
    origins === 0
      ? []
      : (await forecastFromPast(amounts, methods[name](), { horizon, origins, step, newest: before })).past
  const past = [...earlier, ...newest]
  const margins =
    past.length === 0 ? null : fitForecastMargins(past, { pooled: Math.min(period, horizon), judged: newest.length })
  const totals = totalOffOf(past)
  const totalsNewest = newest.flatMap((own) => {
    const known = totalOffOf(past.filter(({ origin }) => origin + horizon <= own.origin))
    const [total] = totalsOf([own])
    return known === null || total === undefined
      ? []
      : [Math.abs(total.came - total.said) <= known * total.said ? 1 : 0]
  })
  const found = margins?.kind === 'forecast-margins' ? margins : null
  return {
    margins: found,
    told: {
      moments: past.length,
      coverage: found?.coverage.defined ? found.coverage.value : null,
      ownCoverage: found?.ownCoverage.defined ? found.ownCoverage.value : null,
      factor: found === null ? null : sumOf(found.factors) / horizon,
      totalCoverage: totalsNewest.length === 0 ? null : sumOf(totalsNewest) / totalsNewest.length,
      totalsJudged: totalsNewest.length,
    },
    kept: { method: name, margins: found, totalOff: totals },
  }
}

/** Shares of 80 % bounds that nobody needs to be warned of. */
const [coverageLeast, coverageMost] = [0.75, 0.9]

/** What must be borne in mind of bounds that held too little, or more than they are to, at the newest moments of the past. */
export function boundLimits({ coverage, totalCoverage, totalsJudged }: SeriesCard['bounds']): string[] {
  const percent = (share: number): string => `${Math.round(100 * share)} %`
  const days =
    coverage === null || (coverage >= coverageLeast && coverage <= coverageMost)
      ? []
      : coverage < coverageLeast
        ? [
            `its 80 % bounds held ${percent(coverage)} of the newest days, which were less like the days before than usual: take them as too narrow`,
          ]
        : [`its 80 % bounds held ${percent(coverage)} of the newest days: take them as wider than they need be`]
  const totals =
    totalCoverage === null || totalCoverage >= coverageLeast
      ? []
      : [
          `its 80 % bounds of totals held ${Math.round(totalCoverage * totalsJudged)} of the newest ${totalsJudged}, which overlap: take them as too narrow`,
        ]
  return [...days, ...totals]
}

/** The share of what is said of a total within which eight of ten lay. */
function totalOffOf(past: readonly PastForecast[]): number | null {
  const totals = totalsOf(past)
  const said = totals.map((total) => total.said)
  const fitted = fitConformalInterval(
    said,
    totals.map(({ came }) => came),
    { confidence, spreads: said },
  )
  return fitted.kind === 'conformal-interval' ? fitted.margin : null
}
