import type { Instant } from '../../base/index.ts'
import { type Html, html } from './html.ts'

/** How numbers, money and moments are written in one report. */
export interface Format {
  readonly currency: string
  readonly timezone: string
  /** `£1,234`, with pence below 100. */
  readonly money: (amount: number) => string
  /** `£1.2M`: for axes and big numbers. */
  readonly moneyShort: (amount: number) => string
  /** `1,234` */
  readonly count: (count: number) => string
  /** `12.3 %` of a fraction. */
  readonly percent: (share: number) => string
  /** A number with at most so many digits after the point. */
  readonly decimal: (value: number, digits?: number) => string
  /** A number with exactly so many digits after the point, for columns. */
  readonly fixed: (value: number, digits: number) => string
  /** `9 Dec 2010`, in the store's time zone. */
  readonly date: (moment: Instant) => string
}

const locale = 'en-GB'

/** @param currency ISO 4217; one that is not is written behind plain numbers */
export function formatFor(currency: string, timezone: string): Format {
  const isCurrency = /^[A-Z]{3}$/.test(currency)
  const money = (options: Intl.NumberFormatOptions): ((amount: number) => string) => {
    const style = isCurrency ? ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const) : {}
    const written = new Intl.NumberFormat(locale, { ...style, ...options })
    return (amount) => (isCurrency ? written.format(amount) : `${written.format(amount)} ${currency}`)
  }
  const whole = money({ maximumFractionDigits: 0 })
  const exact = money({ minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const compact = money({ notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 })
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const zone = isZone(timezone) ? timezone : 'UTC'
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: zone })
  return {
    currency,
    timezone: zone,
    money: (amount) => (amount !== 0 && Math.abs(amount) < 100 ? exact(amount) : whole(amount)),
    moneyShort: (amount) => (Math.abs(amount) < 1000 ? whole(amount) : compact(amount)),
    count: (value) => count.format(value),
    percent: (share) => (share > 0 && share < 0.0005 ? '<\u00a00.1\u00a0%' : `${tenths.format(share * 100)}\u00a0%`),
    decimal: (value, digits = 2) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    fixed: (value, digits) => value.toFixed(digits),
    date: (moment) => date.format(moment),
  }
}

function isZone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat(locale, { timeZone: timezone })
    return true
  } catch {
    return false
  }
}

/** The value in words, or why there is none: never a zero that nobody measured. */
export const orWhy = (
  value: number | null | undefined,
  write: (value: number) => string,
  because: string,
): Html | string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? html`<span class="unknown">${because}</span>`
    : write(value)

/** `1 customer`, `2 customers`. */
export const counted = (format: Format, count: number, one: string, many = `${one}s`): string =>
  `${format.count(count)} ${count === 1 ? one : many}`

/** How profit is reckoned, in the same words wherever it stands. */
export const atMargin = (margin: number, format: Format): string =>
  `at the margin of what has a unit cost, ${format.percent(margin)}`

/** Words as a sentence: a capital first, a full stop last. */
export const sentence = (words: string): string => {
  // A number and its unit stay on one line.
  const trimmed = words.trim().replaceAll(/(\d) %/g, '$1\u00a0%')
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?…]$/.test(trimmed) ? '' : '.'}`
}
