import { addedUp, type Rhythm } from './rhythm.ts'

/** What the plan knows of one segment; every number is over its members as of the analysis. */
export interface SegmentFacts {
  readonly id: string
  readonly family: 'rfm' | 'discovered'
  readonly name: string
  readonly customers: number
  /** Members who agreed to email. */
  readonly contactable: number
  readonly revenue: number
  readonly orders: number
  /** Members who bought in the last `recentDays`. */
  readonly recentBuyers: number
  readonly oneTimeBuyers: number
  /** Mean days since the last purchase; null when nobody bought. */
  readonly recencyDays: number | null
  readonly refundRate: number | null
  /** Discounts as a share of undiscounted revenue; 0 when no discount is known. */
  readonly discountShare: number | null
  /** Whether they send back more, and buy more at a discount, than everyone by more than chance. */
  readonly returnsStandOut: boolean
  readonly discountsStandOut: boolean
  /** Profit as a share of revenue; of what has a unit cost; null where that is less than four fifths. */
  readonly margin: number | null
  /** Mean over the members who were active; null when those are less than half. */
  readonly lapseProbability: number | null
  readonly probabilityAlive: number | null
  /** Sum over members, over the horizon of the lifetime model. */
  readonly lifetimeValue: number | null
  /** Sum of lapse probability × lifetime value, the whole value of those away already; null without a lapse model. */
  readonly valueAtRisk: number | null
  /**
   * Share of members expected to buy within `recentDays` from now, by the lifetime model; null without one. What they did
   * lately must not stand in for it: who bought lately decides who is in a segment.
   */
  readonly expectedResponse: number | null
  readonly rhythm: Rhythm
  readonly products: readonly { readonly productId: string; readonly name: string }[]
}

/** The same of all customers of the family together, to compare each segment with. */
export interface ShopFacts
  extends Omit<SegmentFacts, 'id' | 'family' | 'name' | 'products' | 'returnsStandOut' | 'discountsStandOut'> {
  readonly currency: string
  /** True when lifetime values are profit, false when costs are unknown and they are revenue. */
  readonly isValueProfit: boolean
}

/** Length of the period that response is counted over: a month, the rhythm in which most shops send. */
export const recentDays = 30

/** All segments of one family added up; each customer is in one of them. */
export function shopOf(segments: readonly SegmentFacts[], currency: string, isValueProfit: boolean): ShopFacts {
  const sum = (of: (segment: SegmentFacts) => number): number => segments.reduce((total, one) => total + of(one), 0)
  const customers = sum((one) => one.customers)
  const mean = (
    of: (segment: SegmentFacts) => number | null,
    weight: (segment: SegmentFacts) => number,
  ): number | null => {
    const known = segments.filter((one) => of(one) !== null)
    const weights = known.reduce((total, one) => total + weight(one), 0)
    return weights > 0 ? known.reduce((total, one) => total + of(one)! * weight(one), 0) / weights : null
  }
  const total = (of: (segment: SegmentFacts) => number | null): number | null =>
    segments.some((one) => of(one) !== null) ? sum((one) => of(one) ?? 0) : null
  return {
    currency,
    isValueProfit,
    customers,
    contactable: sum((one) => one.contactable),
    revenue: sum((one) => one.revenue),
    orders: sum((one) => one.orders),
    recentBuyers: sum((one) => one.recentBuyers),
    oneTimeBuyers: sum((one) => one.oneTimeBuyers),
    recencyDays: mean(
      (one) => one.recencyDays,
      (one) => one.customers,
    ),
    refundRate: mean(
      (one) => one.refundRate,
      (one) => one.revenue,
    ),
    discountShare: mean(
      (one) => one.discountShare,
      (one) => one.revenue,
    ),
    margin: mean(
      (one) => one.margin,
      (one) => one.revenue,
    ),
    lapseProbability: mean(
      (one) => one.lapseProbability,
      (one) => one.customers,
    ),
    probabilityAlive: mean(
      (one) => one.probabilityAlive,
      (one) => one.customers,
    ),
    lifetimeValue: total((one) => one.lifetimeValue),
    valueAtRisk: total((one) => one.valueAtRisk),
    expectedResponse: mean(
      (one) => one.expectedResponse,
      (one) => one.customers,
    ),
    rhythm: addedUp(segments.map(({ rhythm }) => rhythm)),
  }
}
