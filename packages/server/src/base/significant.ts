/**
 * A figure for people: so many digits that count, and numbers that have more before the point in full, as money is.
 *
 * @example
 * significant(0.12345, 3) // '0.123'
 * significant(1522.4, 3) // '1,522'
 */
export function significant(value: number, digits: number): string {
  const written = value.toPrecision(digits)
  return written.includes('e+') ? Math.round(value).toLocaleString('en') : written
}
