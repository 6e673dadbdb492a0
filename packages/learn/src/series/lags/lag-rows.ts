import { type Matrix, matrix } from '@rapport/numerics'
import { columnCount, type LagColumns, writeLagRow } from './lag-columns.ts'

/** Steps to learn from, and what came. */
export interface LagRows {
  readonly data: Matrix
  readonly targets: Float64Array
}

/**
 * One row a value, from place `first` on, of what was known `ahead` steps before it; none where the value is missing.
 *
 * @param learned `[n]`
 * @param ahead 1 for the next step
 */
export function lagRows(learned: Float64Array, first: number, ahead: number, columns: LagColumns): LagRows {
  const width = columnCount(columns)
  const places: number[] = []
  for (let at = first + ahead - 1; at < learned.length; at += 1) if (!Number.isNaN(learned[at]!)) places.push(at)
  const data = matrix(places.length, width)
  places.forEach((time, row) => {
    writeLagRow(columns, { series: learned, at: time - ahead + 1, time }, data.values, row * width)
  })
  return { data, targets: Float64Array.from(places, (at) => learned[at]!) }
}
