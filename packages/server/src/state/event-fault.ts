import { RapportError, shortened } from '../base/index.ts'

/**
 * Whether an error lies in what was read or written, so that trying again cannot help. Everything else is of the machine
 * (a full disk, a database that does not answer) or a mistake in a query, and of no single event: better to wait than to
 * put the whole log aside.
 */
export function isOfEvent(error: unknown): boolean {
  if (error instanceof RapportError) {
    const isStore = /^(state|warehouse)\./.test(error.code)
    return !isStore || error.code === 'warehouse.range' || error.code === 'warehouse.column'
  }
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_')) return /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/.test(code)
  // PostgreSQL: data, integrity, beyond a limit of the database.
  if (/^[0-9A-Z]{5}$/.test(code)) return /^(22|23|54)/.test(code)
  if (code !== '') return false
  if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return true
  return /^(Conversion|Invalid Input|Out of Range|Mismatch Type) Error/.test(error.message)
}

/** Why, for an operator, without what the event says: messages of parsers and databases quote it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? String(error.code) : error.name
  const words = error.message
    .split('\n')[0]!
    .replace(/(["'`“]).*(["'`”])/g, '…')
    .replace(/\bgot\b.*/, 'got …')
  return shortened(`${words} (${code})`, 300)
}
