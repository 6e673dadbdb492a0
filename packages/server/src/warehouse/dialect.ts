import type { Instant } from '../base/index.ts'

/** How what compiles to SQL (features, rules, models) writes the parts in which engines differ. */
export interface Dialect {
  readonly name: string
  identifier(name: string): string
  text(value: string): string
  instant(moment: Instant): string
  /** The expression's whole milliseconds since 1970, UTC. */
  millisOf(instantExpression: string): string
}

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  identifier: (name) => `"${name.replaceAll('"', '""')}"`,
  text: (value) => {
    const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`)
    // A query ends at a zero byte.
    return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`
  },
  instant: (moment) => `make_timestamptz(${Math.round(moment) * 1000})`,
  millisOf: (expression) => `epoch_ms(${expression})`,
}
