import { checkList, RapportError } from '@rapport/numerics'

/** Why no model was fitted to a series. */
export interface SeriesTooShort {
  readonly kind: 'too-short'
  /** Values that are there, missing ones not counted. */
  readonly observations: number
  readonly needed: number
  /** The reason in words, with the numbers. */
  readonly message: string
}

/**
 * A copy of a series that is fit to be worked on.
 *
 * @param method the first half of the error's code
 * @param values `[n]` at equal distances in time, oldest first; missing is NaN
 * @throws RapportError `<method>.series` when it is empty, wholly missing, or holds an infinite value
 */
export function checkedSeries(method: string, values: ArrayLike<number>): Float64Array {
  checkList(`${method}.series`, 'the series', values)
  const series = Float64Array.from(values)
  const wrong = series.findIndex((value) => Math.abs(value) === Infinity)
  if (wrong >= 0) {
    throw new RapportError(
      `${method}.series`,
      `every value must be finite, or NaN where it is missing, got ${series[wrong]} at position ${wrong}`,
    )
  }
  if (!series.some(Number.isFinite)) {
    throw new RapportError(`${method}.series`, `the series must hold at least one value, got ${series.length} missing`)
  }
  return series
}

/**
 * @throws RapportError `<method>.period` unless `period` is a whole number ≥ 1
 */
export function checkPeriod(method: string, period: number): void {
  if (!Number.isInteger(period) || period < 1) {
    throw new RapportError(`${method}.period`, `period must be a whole number of at least 1, got ${period}`)
  }
}

/** A reason instead of a model, when fewer than `needed` values are there. */
export function tooShort(series: Float64Array, needed: number, purpose: string): SeriesTooShort | undefined {
  const observations = countObserved(series)
  if (observations >= needed) return undefined
  const message = `${purpose} needs at least ${needed} values that are not missing, got ${observations}`
  return { kind: 'too-short', observations, needed, message }
}

/** Values that are not missing. */
export const countObserved = (series: Float64Array): number =>
  series.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)

/** The largest absolute value that is not missing, 0 when there is none. */
export const largestOf = (series: Float64Array): number =>
  series.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0)

/** A power of two near the largest value, 1 for zeros: dividing by it loses no digit, and keeps squares in range. */
export function exactUnit(series: Float64Array): number {
  const largest = largestOf(series)
  return largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
}
