import { RapportError } from '../base/index.ts'
import { currencyCodes } from './mapping/currency-codes.ts'

/**
 * Refuses a currency or time zone that there is not.
 *
 * @throws RapportError `ingestion.currency` or `ingestion.timezone`
 */
export function checkMoneyAndZone({ currency, timezone }: { currency?: string; timezone?: string }): void {
  if (currency !== undefined && !currencyCodes.has(currency.toUpperCase())) {
    throw new RapportError('ingestion.currency', `--currency must be a code of ISO 4217 like EUR, got ${currency}`)
  }
  if (timezone !== undefined && !isZone(timezone)) {
    throw new RapportError('ingestion.timezone', `--timezone must be a zone's name like Europe/Berlin, got ${timezone}`)
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
