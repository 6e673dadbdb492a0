import { type Matrix, matrix } from '@rapport/numerics'

/** Data times a power of two, so that squared distances neither overflow nor vanish. */
export interface UnitScaled {
  readonly data: Matrix
  /** What distances between the scaled rows are to be multiplied with. */
  readonly unit: number
}

/** Squares of numbers within these bounds, and sums of many of them, are far from both ends of the range of doubles. */
const magnitudeMin = 2 ** -300
const magnitudeMax = 2 ** 300

/** The data as they are unless their largest value is extreme; scaling by a power of two loses no digit. */
export function toUnitScale(data: Matrix): UnitScaled {
  let largest = 0
  for (const value of data.values) largest = Math.max(largest, Math.abs(value))
  if (largest === 0 || (largest > magnitudeMin && largest < magnitudeMax)) return { data, unit: 1 }
  const unit = 2 ** Math.floor(Math.log2(largest))
  // Below 2⁻¹⁰²² the unit has no reciprocal in range, so this divides.
  const scaled = Float64Array.from(data.values, (value) => value / unit)
  return { data: matrix(data.rows, data.columns, scaled), unit }
}
