import { duckdbDialect } from '../../warehouse/index.ts'

/** Codes of ISO 4217 as this Node knows them. */
export const currencyCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** SQL that is true where a column holds something that is no code, in capitals, of a currency. */
export const isNoCurrency = (column: string): string =>
  `(${column} not in (${[...currencyCodes].map(duckdbDialect.text).join(', ')}))`
