/**
 * A cell of a CSV file for people: quoted where needed, and never run by a spreadsheet. What begins like a formula gets an
 * apostrophe in front; plain numbers stay.
 *
 * @example
 * csvCell('=1+1') // "'=1+1"
 * csvCell('-5') // "-5"
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  const isNumber = /^[+-]?\d+([.,]\d+)?$/.test(text)
  const safe = !isNumber && /^[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One record with its line end. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`
