import type { Matrix } from '@rapport/numerics'

/** What a step is expected from. */
export interface LagColumns {
  /** Values so many steps before, 1 the newest. */
  readonly lags: readonly number[]
  /** Means of so many values before. */
  readonly means: readonly number[]
  /** Cycles in which the place of the step counts: 7 for the day of a week, 12 for the month of a year. */
  readonly cycles: readonly number[]
}

export const columnCount = ({ lags, means, cycles }: LagColumns): number => lags.length + means.length + cycles.length

/** Steps back that the columns look. */
export const reachOf = ({ lags, means }: LagColumns): number => Math.max(...lags, ...means, 0)

/** Where a row of columns is read from. */
export interface LagPlace {
  readonly series: Float64Array
  /** The values before this place of `series` are known. */
  readonly at: number
  /** Step that the row is for, counted from the first value of the whole series: the origin of cycles. */
  readonly time: number
}

/** Writes one row: lags, then means (of the values that are there), then places in cycles; NaN where nothing is known. */
export function writeLagRow(
  { lags, means, cycles }: LagColumns,
  place: LagPlace,
  into: Matrix['values'],
  start: number,
): void {
  const { series, at, time } = place
  let column = start
  for (const lag of lags) into[column++] = at >= lag ? series[at - lag]! : Number.NaN
  for (const window of means) {
    let [sum, count] = [0, 0]
    for (let back = Math.max(0, at - window); back < at; back += 1) {
      const value = series[back]!
      if (Number.isNaN(value)) continue
      sum += value
      count += 1
    }
    into[column++] = count > 0 ? sum / count : Number.NaN
  }
  for (const cycle of cycles) into[column++] = time % cycle
}
