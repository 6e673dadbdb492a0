import { kindOf, RapportError } from '@rapport/numerics'
import type { Table } from './table.ts'

/**
 * Refuses what is no list of words, as callers without types may give. A word that is not known is null.
 *
 * @throws RapportError `code`
 */
export function checkWords(code: string, name: string, values: readonly (string | null)[]): void {
  if (!Array.isArray(values)) throw new RapportError(code, `${name} must be an array of words, got ${kindOf(values)}`)
  // A loop and not `findIndex`, which takes an undefined element for "none found".
  for (let at = 0; at < values.length; at += 1) {
    const value: unknown = values[at]
    if (typeof value === 'string' || value === null) continue
    throw new RapportError(
      code,
      `${name} must hold words, or null where one is missing, got ${kindOf(value)} at row ${at}`,
    )
  }
}

/**
 * Refuses what is no table. Columns are looked at where the table was made (`table`) and not again.
 *
 * @throws RapportError `<method>.data`
 */
export function checkTable(method: string, of: Table): void {
  const given: unknown = of
  if (typeof given === 'object' && given !== null && 'columns' in given && Array.isArray(given.columns)) return
  throw new RapportError(`${method}.data`, `data must be a table (as table makes them), got ${kindOf(given)}`)
}
