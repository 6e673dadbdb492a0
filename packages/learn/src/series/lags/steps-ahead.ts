import { matrix } from '@rapport/numerics'
import { type BoostingRegressionModel, predictBoostingRegression } from '../../trees/index.ts'
import { columnCount, type LagColumns, reachOf, writeLagRow } from './lag-columns.ts'

/** Moments to look ahead from. */
export interface LookingAhead {
  /** One, of the next step, or one a step. */
  readonly models: readonly BoostingRegressionModel[]
  readonly columns: LagColumns
  /** `[n]` what is known and, after each origin, not looked at. */
  readonly learned: Float64Array
  /** Places of `learned` before which all is known. */
  readonly origins: readonly number[]
  readonly horizon: number
  /** Step of the whole series that place 0 of `learned` is. Default 0. */
  readonly timeOfFirst?: number
}

/**
 * What comes after each origin: all origins go step by step together.
 *
 * @returns of each origin `[horizon]`
 */
export function stepsAhead({
  models,
  columns,
  learned,
  origins,
  horizon,
  timeOfFirst = 0,
}: LookingAhead): Float64Array[] {
  const [width, reach] = [columnCount(columns), reachOf(columns)]
  const isDirect = models.length > 1
  const data = matrix(origins.length, width)
  // What each origin knows, followed by what is expected, which stands for values where the next step's model goes on from it.
  const known = origins.map((origin) => {
    const series = new Float64Array(reach + horizon).fill(Number.NaN)
    const from = Math.max(0, origin - reach)
    series.set(learned.subarray(from, origin), reach - (origin - from))
    return series
  })
  for (let step = 0; step < horizon; step += 1) {
    origins.forEach((origin, row) => {
      const at = isDirect ? reach : reach + step
      writeLagRow(columns, { series: known[row]!, at, time: timeOfFirst + origin + step }, data.values, row * width)
    })
    const expected = predictBoostingRegression(models[isDirect ? step : 0]!, data)
    expected.forEach((value, row) => {
      known[row]![reach + step] = value
    })
  }
  return known.map((series) => series.slice(reach))
}
