import type { Feature } from '../features/index.ts'
import type { Rule } from '../rules/index.ts'

/** A rule with the name and words that people read. */
export interface NamedRule {
  /** 'rule.cart-abandoners' */
  readonly id: string
  readonly name: string
  readonly words: string
  readonly rule: Rule
}

const everywhere: readonly NamedRule[] = [
  {
    id: 'rule.frequent-buyers',
    name: 'Frequent buyers',
    words: 'at least 4 orders in the last 365 days',
    rule: { feature: 'orders_365d', op: '>=', value: 4 },
  },
  {
    id: 'rule.first-time-visitors',
    name: 'First-time visitors',
    words: 'visited once, in the last 30 days, and bought nothing yet',
    rule: {
      all: [
        { feature: 'sessions', op: '=', value: 1 },
        { feature: 'sessions_30d', op: '=', value: 1 },
        { feature: 'orders', op: '=', value: 0 },
      ],
    },
  },
  {
    id: 'rule.cart-abandoners',
    name: 'Cart abandoners',
    words: 'left a cart behind in the last 30 days and bought nothing in the last 7',
    rule: {
      all: [
        { feature: 'abandoned_carts_30d', op: '>=', value: 1 },
        { feature: 'orders_7d', op: '=', value: 0 },
      ],
    },
  },
  {
    id: 'rule.engaged',
    name: 'Engaged',
    words: 'in the last 30 days: 4 visits, or 2 clicks in emails, or a review',
    rule: {
      any: [
        { feature: 'sessions_30d', op: '>=', value: 4 },
        { feature: 'email_clicks_30d', op: '>=', value: 2 },
        { event: 'Product Reviewed', withinDays: 30 },
      ],
    },
  },
  {
    id: 'rule.lapsing',
    name: 'Lapsing',
    words: 'bought on at least 3 days, and twice the usual time between purchases has passed without one',
    rule: {
      all: [
        { feature: 'purchase_days', op: '>=', value: 3 },
        { feature: 'overdue_ratio', op: '>=', value: 2 },
      ],
    },
  },
  {
    id: 'rule.big-spenders',
    name: 'Big spenders',
    words: 'the tenth of customers who spent most in the last 365 days',
    rule: { feature: 'spend_365d', op: 'top', value: 0.1 },
  },
  {
    id: 'rule.bargain-hunters',
    name: 'Bargain hunters',
    words: 'at least 2 orders, with 15 % or more of the price taken off',
    rule: {
      all: [
        { feature: 'orders', op: '>=', value: 2 },
        { feature: 'discount_share', op: '>=', value: 0.15 },
      ],
    },
  },
]

/**
 * The rules that every store begins with.
 *
 * @param features the store's catalogue: its categories make the loyalists' rule, which is left out without any
 */
export function shippedRules(features: readonly Feature[]): readonly NamedRule[] {
  const shares = features.filter(({ name }) => name.startsWith('category_share_'))
  return [...everywhere, ...(shares.length === 0 ? [] : [loyalists(shares)])]
}

const loyalists = (shares: readonly Feature[]): NamedRule => ({
  id: 'rule.one-category-loyalists',
  name: 'One-category loyalists',
  words: 'at least 3 orders, with 80 % or more of what they bought from one of the store’s largest categories',
  rule: {
    all: [
      { feature: 'orders', op: '>=', value: 3 },
      { any: shares.map(({ name }) => ({ feature: name, op: '>=', value: 0.8 })) },
    ],
  },
})
