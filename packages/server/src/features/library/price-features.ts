import { build, type FeatureDefinition } from '@rapport/protocol'

const { feature, given, lines, ratio, sum } = build

/** Lines bought before anything is said of how somebody buys. */
const evidenceMin = 3

const sales = lines('sale')
const bought = sales.count()

/** What the price before is taken off, as a share of it; amounts are after discount. */
export const discountDepth = ratio(sales.sum('discount'), sum([sales.sum('discount')], [sales.sum('amount')]))

/** A category and what half of what is sold in it costs no more than, in the store's currency. */
export interface CategoryPrice {
  readonly category: string
  readonly medianPrice: number
}

/** How much price decides what somebody buys. */
export function priceFeatures(prices: readonly CategoryPrice[]): readonly FeatureDefinition[] {
  return [
    feature(
      'discount_share',
      'Share of lines bought at a discount',
      given(ratio(sales.where('discount', '>', 0).count(), bought), bought, '>=', evidenceMin),
    ),
    feature('discount_depth', 'Share of the price taken off', given(discountDepth, bought, '>=', evidenceMin)),
    ...(prices.length === 0 ? [] : [priceLevel(prices)]),
  ]
}

/** Among what costs half of its category more, and half less: 0 buys the cheaper half only, 1 the dearer. */
function priceLevel(prices: readonly CategoryPrice[]): FeatureDefinition {
  const inEach = prices.map(({ category, medianPrice }) => ({
    all: sales.where('category', 'within', category),
    medianPrice,
  }))
  const all = sum(...inEach.map(({ all }) => [all.count()] as const))
  const dearer = sum(
    ...inEach.map(({ all, medianPrice }) => [all.where('unit_price', '>', medianPrice).count()] as const),
  )
  return feature(
    'price_level',
    'Share of lines bought that cost more than the median of their category',
    given(ratio(dearer, all), all, '>=', evidenceMin),
  )
}
