import { microsPerUnit } from '../../base/index.ts'

/** Whole 10⁻⁶ of a currency's unit, of any size. */
export type Micros = bigint

const perUnit = BigInt(microsPerUnit)

/**
 * An amount as written, exactly: no float in between. A JSON number counts as the shortest text that reads as it, which
 * is the text it was written as up to 15 digits.
 *
 * @returns undefined when it is no decimal amount, or one with more than six decimals other than 0
 *
 * @example
 * microsOf('10.005') // 10_005_000n
 */
export function microsOf(amount: unknown): Micros | undefined {
  const text = typeof amount === 'number' ? String(amount) : typeof amount === 'string' ? amount.trim() : ''
  const parts = /^(-?)(\d{1,18})(?:\.(\d{1,6})0{0,30})?$/.exec(text)
  if (!parts) return undefined
  const [, sign, whole, decimals = ''] = parts
  const micros = BigInt(whole!) * perUnit + BigInt(decimals.padEnd(6, '0'))
  return sign === '-' ? -micros : micros
}

/** The amount as the wire takes it: `decimalOf(10_005_000n)` is `10.005`. */
export function decimalOf(micros: Micros): string {
  const size = micros < 0n ? -micros : micros
  const decimals = String(size % perUnit)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${micros < 0n ? '-' : ''}${size / perUnit}${decimals === '' ? '' : `.${decimals}`}`
}

/** The amount as a tracking plan expects it: a number, unless only text says it to the last decimal. */
export function amountOf(micros: Micros): number | string {
  const amount = Number(decimalOf(micros))
  return microsOf(amount) === micros ? amount : decimalOf(micros)
}

export const sumOf = (amounts: readonly (Micros | undefined)[]): Micros =>
  amounts.reduce<Micros>((sum, amount) => sum + (amount ?? 0n), 0n)

/**
 * Currencies whose smallest unit, as Stripe counts it, is the unit itself, or a thousandth of it; of all others it is a
 * hundredth. ISK and UGX have no smaller unit any more, but Stripe goes on to count hundredths.
 *
 * Source: docs.stripe.com/currencies, "Zero-decimal", "Three-decimal" and "Special case" currencies, 2025.
 */
const decimalsOfCurrency: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ').map((currency) => [currency, 0]),
  ),
  ...Object.fromEntries('BHD JOD KWD OMR TND'.split(' ').map((currency) => [currency, 3])),
}

/**
 * An amount that is counted in the currency's smallest unit, as Stripe does.
 *
 * @param currency ISO 4217, in either case
 * @returns undefined when it is no whole number
 *
 * @example
 * microsOfSmallest(500, 'jpy') // 500_000_000n
 */
export function microsOfSmallest(amount: unknown, currency: string): Micros | undefined {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) return undefined
  const code = currency.toUpperCase()
  const decimals = Object.hasOwn(decimalsOfCurrency, code) ? decimalsOfCurrency[code]! : 2
  return BigInt(amount) * 10n ** BigInt(6 - decimals)
}
