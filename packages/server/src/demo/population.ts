import type { Random } from '@rapport/numerics'
import { type Catalogue, popularity, tierCount } from './catalogue.ts'
import type { CustomerType, Scenario } from './scenario.ts'

/** What the simulator knows of a customer and no analysis may read. */
export interface LatentCustomer {
  readonly type: number
  /** Orders a day while alive, on the type's clock. */
  readonly ratePerDay: number
  /** Chance to leave for good after an order. */
  readonly dropout: number
  /** Mean of the lines beyond the first. */
  readonly extraLines: number
  /** Shares that add up to 1. */
  readonly categories: Float64Array
  readonly tiers: Float64Array
  readonly styles: Float64Array
}

export function drawCustomer(scenario: Scenario, random: Random): LatentCustomer {
  const type = pickShare(
    scenario.types.map((each) => each.share),
    random,
  )
  const is = scenario.types[type]!
  const { mean, concentration } = is.dropout
  return {
    type,
    ratePerDay: random.gamma(is.ordersPerYear.shape, is.ordersPerYear.mean / is.ordersPerYear.shape) / 365,
    dropout: random.beta(mean * concentration, (1 - mean) * concentration),
    extraLines: random.gamma(is.extraLines.shape, is.extraLines.mean / is.extraLines.shape),
    categories: drawShares(is.categories, is.concentration.categories, random),
    tiers: drawShares(is.tiers, is.concentration.tiers, random),
    styles: drawShares(
      scenario.styles.map(() => 1),
      is.concentration.styles,
      random,
    ),
  }
}

/** Dirichlet shares around `weights`; exactly those when the concentration is infinite. */
function drawShares(weights: readonly number[], concentration: number, random: Random): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = Float64Array.from(weights, (weight) =>
    concentration === Infinity ? weight : random.gamma((concentration * weight) / total, 1),
  )
  const sum = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => share / sum)
}

/** An index, each as likely as its share; the shares add up to 1. */
export function pickShare(shares: ArrayLike<number>, random: Random): number {
  let left = random.uniform()
  const last = shares.length - 1
  for (let index = 0; index < last; index += 1) {
    left -= shares[index]!
    if (left < 0) return index
  }
  return last
}

/** A product that this customer would look at or buy on this day. */
export function pickProduct(catalogue: Catalogue, customer: LatentCustomer, day: number, random: Random): number {
  const category = pickShare(customer.categories, random)
  const tier = pickShare(customer.tiers, random)
  const style = pickShare(customer.styles, random)
  const cell = catalogue.cells[(category * tierCount + tier) * customer.styles.length + style]!
  let total = 0
  for (let rank = 0; rank < cell.length; rank += 1) total += popularity(rank)
  let left = random.uniform() * total
  let rank = 0
  while (rank < cell.length - 1) {
    left -= popularity(rank)
    if (left < 0) break
    rank += 1
  }
  const product = catalogue.products[cell[rank]!]!
  return day >= product.firstDay && day < product.lastDay ? product.code : cell[0]!
}

/** Expected revenue of an order in units of the currency, after discounts and returns, given shares and lines. */
export function orderValueOf(
  scenario: Scenario,
  catalogue: Catalogue,
  type: CustomerType,
  shares: { readonly categories: ArrayLike<number>; readonly tiers: ArrayLike<number>; readonly extraLines: number },
): number {
  let cents = 0
  for (let category = 0; category < shares.categories.length; category += 1) {
    for (let tier = 0; tier < tierCount; tier += 1) {
      cents += shares.categories[category]! * shares.tiers[tier]! * catalogue.meanCents[category * tierCount + tier]!
    }
  }
  const promotionDays = Math.min(1, (scenario.promotionStarts.length * 7) / 365) * type.promotionPull
  const inPromotion = promotionDays / (1 + promotionDays - promotionDays / type.promotionPull)
  const discounted = type.discounted.usual * (1 - inPromotion) + type.discounted.promotion * inPromotion
  const kept = (1 - scenario.discountShare * discounted) * (1 - type.returned)
  return (cents / 100) * (1 + shares.extraLines) * kept
}

/** Expected orders of a living customer while the type's clock runs on by `clock` days. */
export function expectedOrders(ratePerDay: number, dropout: number, clock: number): number {
  return -Math.expm1(-ratePerDay * dropout * clock) / dropout
}
