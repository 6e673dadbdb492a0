import { RapportError } from '@rapport/numerics'
import type { BoostingOptions } from '../../trees/index.ts'
import { differencesNeeded, seasonalDifferencesNeeded } from '../differencing-choice.ts'
import { checkPeriod } from '../series.ts'
import type { LagColumns } from './lag-columns.ts'

/** How trees are grown, as in `fitBoostingRegression`. */
type TreeGrowth = Pick<
  BoostingOptions,
  'rounds' | 'learningRate' | 'leavesMax' | 'rowsPerLeafMin' | 'depthMax' | 'l2' | 'workers'
>

export interface LagBoostingOptions extends TreeGrowth {
  /** Steps ahead that will be forecast at most, 1 or more. */
  readonly horizon: number
  /** Values a season. Default 1, no seasons. */
  readonly period?: number
  /**
   * `recursive`: one model of the next step, whose forecasts are taken for values to go further. `direct`: one model for
   * each step ahead, which costs `horizon` times as much and does not build on its own errors. Default `recursive`.
   */
  readonly strategy?: 'recursive' | 'direct'
  /** Values so many steps before are columns. Default 1 … 8 without seasons, else 1 … 12 within a period, a period, and two. */
  readonly lags?: readonly number[]
  /** Means of so many values before are columns. Default 4 without seasons, else a period. */
  readonly means?: readonly number[]
  /** Cycles in which the place of a step is a column. Default the period, where there are seasons. */
  readonly cycles?: readonly number[]
  /** Learns from logarithms: growth and seasons in percent. Default where all values are above 0. */
  readonly logarithm?: boolean
  /**
   * Lags that values are differenced by, one after the other, before anything is learned: trees never say more than they
   * saw, so that a trend is followed only in differences. Default by the tests of automatic ARIMA: a period where seasons are
   * strong, else 1 where the series wanders, else none.
   */
  readonly differences?: readonly number[]
  /** What is lowered: `absolute` is not led astray by odd values. Default `squared`. */
  readonly loss?: 'squared' | 'absolute'
  /** The same seed, series and options give the same model, bit for bit. */
  readonly seed: number
}

/** Options with every default filled in, but what depends on the values. */
export interface LagBoostingSettings {
  readonly horizon: number
  readonly period: number
  readonly strategy: 'recursive' | 'direct'
  readonly columns: LagColumns
  readonly growth: TreeGrowth & { readonly rowsPerLeafMin: number }
  readonly loss: 'squared' | 'absolute'
  readonly seed: number
}

/**
 * @throws RapportError `lag-boosting.options`, `lag-boosting.period`
 */
export function checkLagBoosting(options: LagBoostingOptions): LagBoostingSettings {
  const { horizon, period = 1, strategy = 'recursive', loss = 'squared', seed } = options
  checkWhole('horizon', [horizon])
  checkPeriod('lag-boosting', period)
  const isSeasonal = period > 1
  const columns: LagColumns = {
    lags: options.lags ?? (isSeasonal ? [...countTo(Math.min(12, period - 1)), period, 2 * period] : countTo(8)),
    means: options.means ?? [isSeasonal ? period : 4],
    cycles: options.cycles ?? (isSeasonal ? [period] : []),
  }
  for (const [name, list] of Object.entries({ ...columns, differences: options.differences ?? [] })) {
    checkWhole(name, list)
    if (name !== 'differences' && new Set(list).size < list.length) {
      throw new RapportError('lag-boosting.options', `${name} must name each number once, got ${list.join(', ')}`)
    }
  }
  if (columns.lags.length + columns.means.length === 0) {
    throw new RapportError('lag-boosting.options', 'lags or means must name at least one number, got none')
  }
  const { rounds, learningRate, leavesMax, depthMax, l2, workers, rowsPerLeafMin = 10 } = options
  const growth = { rounds: rounds ?? 100, learningRate: learningRate ?? 0.1, leavesMax: leavesMax ?? 8, rowsPerLeafMin }
  return {
    ...{ horizon, period, strategy, columns, loss, seed },
    growth: {
      ...growth,
      ...(depthMax !== undefined && { depthMax }),
      ...(l2 !== undefined && { l2 }),
      ...(workers !== undefined && { workers }),
    },
  }
}

/**
 * The lag to difference by, of a series without missing values: none or one. A second round doubles the noise, and steps
 * that are built on steps then drift.
 */
export function differencesOf(series: Float64Array, period: number): number[] {
  if (seasonalDifferencesNeeded(series, period) === 1) return [period]
  return differencesNeeded(series) > 0 ? [1] : []
}

function checkWhole(name: string, values: readonly number[]): void {
  const wrong = values.find((value) => !Number.isInteger(value) || value < 1)
  if (wrong === undefined) return
  throw new RapportError('lag-boosting.options', `${name} must be whole numbers of at least 1, got ${wrong}`)
}

const countTo = (last: number): number[] => Array.from({ length: last }, (_, before) => before + 1)
