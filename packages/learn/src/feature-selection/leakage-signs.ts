import type { Column } from '../preparation/table.ts'
import type { Measured } from './measured-column.ts'

/** Rows from which on a pattern without exception is more than chance. */
const rowsMin = 20

/** Whether no value is missing where the column is `kind` text or number. */
const isMissing = (value: string | number | null): boolean => value === null || Number.isNaN(value)

/**
 * Whether each value of the column goes with one value of the target and back, or an amount is a straight line of it.
 */
export function isTargetRenamed(column: Column, target: Column, measured: Measured): boolean {
  if (measured.kind === 'amounts') return column.kind === 'number' && isStraightLine(column.values, measured.values)
  const labelOf = new Map<string | number | null, number>()
  const partner = new Map<number, string | number | null>()
  const rows = target.values.length
  for (let row = 0; row < rows; row += 1) {
    const value = column.values[row] ?? null
    const label = measured.codes[row]!
    if ((labelOf.get(value) ?? label) !== label) return false
    if (partner.has(label) && !Object.is(partner.get(label), value)) return false
    labelOf.set(value, label)
    partner.set(label, value)
  }
  return labelOf.size > 1
}

function isStraightLine(one: Float64Array, other: Float64Array): boolean {
  const n = one.length
  let meanOne = 0
  let meanOther = 0
  for (let row = 0; row < n; row += 1) {
    meanOne += one[row]! / n
    meanOther += other[row]! / n
  }
  let both = 0
  let squaresOne = 0
  let squaresOther = 0
  for (let row = 0; row < n; row += 1) {
    both += (one[row]! - meanOne) * (other[row]! - meanOther)
    squaresOne += (one[row]! - meanOne) ** 2
    squaresOther += (other[row]! - meanOther) ** 2
  }
  return n > 2 && Math.abs(both) > (1 - 1e-9) * Math.sqrt(squaresOne * squaresOther)
}

/** What is missing, or there, in rows of one class only. */
export interface OneSided {
  readonly side: 'filled' | 'missing'
  readonly rows: number
  /** The class that all but a few of them have, as a code of the target. */
  readonly label: number
}

/**
 * Whether the column is filled, or missing, for practically one class only: a reason of leaving that only those have who left.
 */
export function oneSidedRows(column: Column, target: Measured): OneSided | undefined {
  if (target.kind === 'amounts') return undefined
  const n = column.values.length
  for (const side of ['filled', 'missing'] as const) {
    const counts = new Float64Array(target.classes)
    const all = new Float64Array(target.classes)
    let rows = 0
    for (let row = 0; row < n; row += 1) {
      const label = target.codes[row]!
      all[label]! += 1
      if (isMissing(column.values[row]!) !== (side === 'missing')) continue
      counts[label]! += 1
      rows += 1
    }
    if (rows < rowsMin || rows === n) continue
    const label = counts.indexOf(Math.max(...counts))
    const expected = all[label]! / n
    const isPure = counts[label]! >= 0.995 * rows
    // So many rows of one class have a chance below e⁻²⁰, and they are a tenth of the class: not some odd customers.
    if (isPure && -rows * Math.log(expected) > 20 && counts[label]! >= all[label]! / 10) return { side, rows, label }
  }
  return undefined
}

/** The share of rows whose time lies after the moment at which they are to be predicted. */
export interface LaterTimes {
  readonly rows: number
  readonly of: number
}

/**
 * Times after the cut-off, in a column that holds times: text as ISO 8601 dates, or numbers as milliseconds.
 *
 * @param asOf ms, one for all rows or one a row
 * @param isDeclared whether the caller says that the numbers are times; else only text is read
 */
export function timesAfter(
  column: Column,
  asOf: number | ArrayLike<number>,
  isDeclared: boolean,
): LaterTimes | undefined {
  if (column.kind === 'number' && !isDeclared) return undefined
  let rows = 0
  let of = 0
  for (let row = 0; row < column.values.length; row += 1) {
    const value = column.values[row]!
    if (isMissing(value)) continue
    const time = typeof value === 'number' ? value : isoTime(value ?? '')
    // A text that is no date makes the column none of dates.
    if (Number.isNaN(time)) return undefined
    of += 1
    if (time > (typeof asOf === 'number' ? asOf : asOf[row]!)) rows += 1
  }
  return rows > 0 ? { rows, of } : undefined
}

const isoTime = (text: string): number =>
  /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN

/** Whether a column names rows instead of describing them: all values differ, and they are words or counted numbers. */
export function namesRows(column: Column): boolean {
  const n = column.values.length
  if (n < rowsMin) return false
  const values = new Set<string | number | null>()
  for (let row = 0; row < n; row += 1) values.add(column.values[row]!)
  if (column.kind === 'text')
    return values.size >= 0.95 * n && !column.values.every((value) => isoTime(value ?? '') >= 0)
  if (values.size < n || !column.values.every(Number.isInteger)) return false
  const low = column.values.reduce((least, value) => Math.min(least, value), Infinity)
  const high = column.values.reduce((most, value) => Math.max(most, value), -Infinity)
  return high - low < 2 * n
}
