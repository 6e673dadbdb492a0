/** A peak of a day's activity: when, how wide, and its weight among the peaks. */
export interface HourPeak {
  /** Local hour, 0 … 24. */
  readonly hour: number
  /** Standard deviation in hours. */
  readonly spread: number
  readonly weight: number
}

/** One latent kind of customer. Everything that differs between kinds is here, as numbers. */
export interface CustomerType {
  readonly name: string
  /** Share of all customers; the shares of a scenario add up to 1. */
  readonly share: number
  /** Orders a year while alive: gamma over customers, with this mean and shape. */
  readonly ordersPerYear: { readonly mean: number; readonly shape: number }
  /** Chance to leave for good after an order: beta over customers, `mean × concentration` and the rest. */
  readonly dropout: { readonly mean: number; readonly concentration: number }
  /** Lines beyond the first in an order: Poisson, its mean gamma over customers. */
  readonly extraLines: { readonly mean: number; readonly shape: number }
  /** `[categories]` relative liking; a customer's own shares are Dirichlet around it. */
  readonly categories: readonly number[]
  /** `[3]` relative liking of low, middle and high prices. */
  readonly tiers: readonly number[]
  /** Dirichlet concentrations: how alike customers of the type are. Infinity: all the same. */
  readonly concentration: { readonly categories: number; readonly tiers: number; readonly styles: number }
  /** Chance that a line is bought at a discount, outside promotion weeks and in them. */
  readonly discounted: { readonly usual: number; readonly promotion: number }
  /** Factor on the order rate in promotion weeks. */
  readonly promotionPull: number
  /** Chance that a line is sent back. */
  readonly returned: number
  /** `[12]` factor on the order rate by month, January first. */
  readonly months: readonly number[]
  /** `[7]` factor on the order rate by weekday, Monday first. */
  readonly weekdays: readonly number[]
  /** When in the day; empty means any hour alike. */
  readonly hours: readonly HourPeak[]
  /** Added probability of a visit and of an order by one email, while the customer is alive. */
  readonly emailLift: { readonly visit: number; readonly order: number }
  /** Chance to open an email, and to agree to get any. */
  readonly email: { readonly open: number; readonly consent: number }
  /** `[4]` relative weight of organic, direct, paid-social, referral visits. */
  readonly sources: readonly number[]
  readonly age: { readonly mean: number; readonly spread: number }
  readonly womenShare: number
  /** Factor on the scenario's usual income. */
  readonly income: number
  /** Chance that a text is unhappy; what is left is shared by neutral and happy. */
  readonly unhappy: number
}

export interface Category {
  /** A path: `Women > Dresses`. */
  readonly path: string
  /** The word in product names: `dress`. */
  readonly noun: string
  /** Usual price in the currency's unit, at the middle tier. */
  readonly price: number
}

/** What customers say: sentences for a topic by sentiment. `{product}` stands for the product's name. */
export interface Topic {
  readonly name: string
  readonly unhappy: readonly string[]
  readonly neutral: readonly string[]
  readonly happy: readonly string[]
}

/** A simulated shop, as numbers and words. */
export interface Scenario {
  readonly name: ScenarioName
  readonly currency: string
  readonly timezone: string
  /** Hours that the zone is ahead of UTC in winter; daylight saving as in the European Union. */
  readonly winterOffsetHours: number
  readonly country: string
  readonly regions: readonly string[]
  readonly idPrefix: string
  /** Days of history. */
  readonly days: number
  readonly categories: readonly Category[]
  readonly brands: readonly string[]
  readonly styles: readonly string[]
  /** `[3]` factor on the category's price. */
  readonly tierPrices: readonly number[]
  /** Products of each category × tier × style: at least, at most. */
  readonly productsPerCell: readonly [number, number]
  /** Unit cost as a share of the price, between these. */
  readonly costShare: readonly [number, number]
  readonly shippingFee: number
  readonly freeShippingFrom: number
  readonly taxRate: number
  /** Days of the year (0 … 364) on which a promotion week begins. */
  readonly promotionStarts: readonly number[]
  readonly discountShare: number
  /** Days between email campaigns. */
  readonly campaignEveryDays: number
  /** Carts left behind, and visits without a cart, for each order. */
  readonly abandonedPerOrder: number
  readonly browsesPerOrder: number
  readonly incomeUsual: number
  readonly types: readonly CustomerType[]
  readonly tickets: readonly Topic[]
  readonly reviews: readonly Topic[]
}

export type ScenarioName = 'fashion' | 'watches' | 'subscription'

/**
 * The same shop with every effect off: one kind of customer at the average of all, no season, no habit of hours, no
 * taste of one's own, no email that changes anything. Rates still vary between customers along one continuum.
 */
export function withoutEffects(scenario: Scenario): Scenario {
  const { types } = scenario
  const mean = (of: (type: CustomerType) => number): number =>
    types.reduce((sum, type) => sum + type.share * of(type), 0)
  const means = (of: (type: CustomerType) => readonly number[]): number[] =>
    of(types[0]!).map((_, at) => mean((type) => of(type)[at]! / total(of(type))))
  const everyone: CustomerType = {
    name: 'Everyone',
    share: 1,
    ordersPerYear: { mean: mean((type) => type.ordersPerYear.mean), shape: mean((type) => type.ordersPerYear.shape) },
    dropout: { mean: mean((type) => type.dropout.mean), concentration: mean((type) => type.dropout.concentration) },
    extraLines: { mean: mean((type) => type.extraLines.mean), shape: mean((type) => type.extraLines.shape) },
    categories: means((type) => type.categories),
    tiers: means((type) => type.tiers),
    concentration: { categories: Infinity, tiers: Infinity, styles: Infinity },
    discounted: {
      usual: mean((type) => type.discounted.usual),
      promotion: mean((type) => type.discounted.promotion),
    },
    promotionPull: 1,
    returned: mean((type) => type.returned),
    months: Array.from({ length: 12 }, () => 1),
    weekdays: Array.from({ length: 7 }, () => 1),
    hours: [],
    emailLift: { visit: 0, order: 0 },
    email: { open: mean((type) => type.email.open), consent: mean((type) => type.email.consent) },
    sources: means((type) => type.sources),
    age: { mean: mean((type) => type.age.mean), spread: mean((type) => type.age.spread) },
    womenShare: mean((type) => type.womenShare),
    income: 1,
    unhappy: mean((type) => type.unhappy),
  }
  return { ...scenario, types: [everyone] }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
