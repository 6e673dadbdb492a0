import { significant } from './significant.ts'

/** A value as people read it, and its unit; null where that is said with it or is none. */
export interface SaidValue {
  readonly value: string
  readonly unit: string | null
}

const minutesADay = 1440

/**
 * Four digits that count, whole numbers in full; a share (0 … 1) in per cent, and days of less than one in hours or minutes.
 *
 * @param unit as definitions have it: 'days', 'share', 'orders' …
 */
export function saidValue(value: string | number | boolean, unit: string | null): SaidValue {
  if (typeof value !== 'number') return { value: String(value), unit }
  if (unit === 'share') return { value: `${digits(value * 100)} %`, unit: null }
  if (unit === 'days' && value !== 0 && Math.abs(value) < 1) {
    const minutes = value * minutesADay
    return Math.abs(minutes) < 60
      ? { value: digits(minutes), unit: 'minutes' }
      : { value: digits(minutes / 60), unit: 'hours' }
  }
  return { value: digits(value), unit }
}

/** The same as one text. */
export const saidWithUnit = (value: string | number | boolean, unit: string | null): string => {
  const said = saidValue(value, unit)
  return said.unit === null ? said.value : `${said.value} ${said.unit}`
}

const digits = (value: number): string =>
  Number.isInteger(value)
    ? String(value)
    : significant(value, 4)
        .replace(/(\.\d*?)0+$/, '$1')
        .replace(/\.$/, '')
