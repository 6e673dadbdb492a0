import type { Correlation, IndependenceUnknown, SpendIndependence } from '@rapport/learn'
import type { LifetimeResult } from './result.ts'

/** Correlations up to this do little harm to Gamma-Gamma; learn's verdict is about the same. */
const weak = 0.2

/** What the check of independence found, in words that its figures bear out. */
export function independenceOf(check: SpendIndependence | IndependenceUnknown): LifetimeResult['independence'] {
  if (!('rank' in check)) return { correlation: null, interval: null, verdict: check.message }
  const { value, lower, upper } = check.rank
  return { correlation: value, interval: { low: lower, high: upper }, verdict: verdictOf(check) }
}

function verdictOf({ verdict, rank, linear }: SpendIndependence): string {
  switch (verdict) {
    case 'holds':
      return `spend per purchase hardly depends on how often customers buy (${said('rank correlation', rank)}): the model takes it for independent, and up to ±${weak} does little harm`
    case 'undecided':
      return `spend per purchase may depend on how often customers buy (${said('rank correlation', rank)}): the model takes it for independent, and whether it is within the ±${weak} that do little harm cannot be told`
    case 'broken': {
      // A few huge orders may break the linear correlation alone: the figure shown is the one that the verdict is about.
      const isByRank = rank.lower > weak || rank.upper < -weak
      const figure = isByRank ? said('rank correlation', rank) : said('linear correlation', linear)
      return `spend per purchase depends on how often customers buy (${figure}), against the model’s assumption: take values as an order of customers, not as amounts`
    }
  }
}

const said = (name: string, { value, lower, upper }: Correlation): string =>
  `${name} ${value.toFixed(2)}, 95 % interval ${lower.toFixed(2)} to ${upper.toFixed(2)}`

/**
 * Which purchases spend was learned from, and how first purchases compare with later ones.
 *
 * @example
 * spendFromWords({ basis: 'all-purchases', firstToLater: null })
 * // 'spend is learned from all purchases, the first among them; first purchases cannot be compared with later ones'
 */
export function spendFromWords({ basis, firstToLater }: LifetimeResult['spendFrom']): string {
  const from = basis === 'all-purchases' ? 'all purchases, the first among them' : 'purchases after the first'
  if (firstToLater === null) return `spend is learned from ${from}; first purchases cannot be compared with later ones`
  const { value, interval, customers } = firstToLater
  return `spend is learned from ${from}: a first purchase is ${value.toFixed(2)} times the same customer’s later ones (95 % interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}, ${customers.toLocaleString('en')} customers)`
}
