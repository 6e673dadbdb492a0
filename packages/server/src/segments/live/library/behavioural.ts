import { discountDepth, interestIn, purchaseIntent } from '../../../features/index.ts'
import type { LiveRule } from '../../../rules/index.ts'
import { slugOf } from '../../slug.ts'
import { happened, lastDays, lines, orders, ratio, sumOf, test, visits, within } from './parts.ts'
import type { LibraryOptions, ShippedSegment } from './shipped-segment.ts'

/** Segments by what customers do. */
export function behaviouralSegments({ categories = [], bigSpend }: LibraryOptions): readonly ShippedSegment[] {
  return [
    ...everywhere,
    ...(bigSpend === undefined ? [] : [bigSpenders(bigSpend)]),
    ...(categories.length === 0 ? [] : [loyalists(categories)]),
    ...categories.map(enthusiasts),
  ]
}

const segment = (id: string, name: string, words: string, rule: LiveRule): ShippedSegment => ({
  ...{ id: `rule.${id}`, name, words, rule, kind: 'behavioural' },
})

const lastSale = { aggregate: 'time-since-last', from: { lines: 'sale' } } as const
const firstSale = { aggregate: 'time-since-first', from: { lines: 'sale' } } as const
const everyTime = { aggregate: 'gap-mean', from: { lines: 'sale' } } as const

const everywhere: readonly ShippedSegment[] = [
  segment(
    'ready-to-buy',
    'Ready to buy now',
    'is in a session in which an order is likelier than not, by the model of purchase intent; nobody without one',
    test(purchaseIntent.value, '>=', 0.5),
  ),
  segment('first-time-visitors', 'First-time visitors', 'visited once, in the last 30 days, and bought nothing yet', {
    all: [
      test(visits(), '=', 1),
      test({ aggregate: 'time-since-first', from: { events: true } }, '<=', 30),
      test(orders(), '=', 0),
    ],
  }),
  segment(
    'frequent-buyers',
    'Frequent buyers',
    'at least 4 orders in the last 365 days',
    test(orders(lastDays(365)), '>=', 4),
  ),
  segment('engaged', 'Engaged', 'in the last 30 days: 4 visits, or 2 clicks in emails, or a review', {
    any: [
      test(visits(lastDays(30)), '>=', 4),
      test(happened('Email Clicked', lastDays(30)), '>=', 2),
      test(happened('Product Reviewed', lastDays(30)), '>=', 1),
    ],
  }),
  segment(
    'cart-abandoners',
    'Cart abandoners',
    'put something into the cart in the last 7 days, bought nothing within an hour of it, and nothing since yesterday',
    {
      all: [
        test(
          {
            sequence: {
              first: { events: 'Product Added' },
              never: { lines: 'sale' },
              within: { count: 1, unit: 'hour' },
            },
            window: lastDays(7),
          },
          '>=',
          1,
        ),
        { not: [test(lastSale, '<=', 1)] },
      ],
    },
  ),
  segment(
    'browse-abandoners',
    'Browse abandoners',
    'in the last 7 days looked at 3 products or more without putting anything into the cart within a day, and bought nothing',
    {
      all: [
        test(
          {
            sequence: {
              first: { events: 'Product Viewed' },
              never: { events: 'Product Added' },
              within: { count: 24, unit: 'hour' },
            },
            window: lastDays(7),
          },
          '>=',
          3,
        ),
        test(orders(lastDays(7)), '=', 0),
      ],
    },
  ),
  segment(
    'lapsing',
    'Lapsing',
    'at least 3 orders, and twice the usual time between purchases has passed without one',
    { all: [test(orders(), '>=', 3), test(ratio(lastSale, everyTime), '>=', 2)] },
  ),
  segment('won-back', 'Won back', 'bought in the last 30 days, after half a year and more without a purchase', {
    all: [test(orders(lastDays(30)), '>=', 1), test(orders(lastDays(180, 30)), '=', 0), test(firstSale, '>=', 210)],
  }),
  segment('bargain-hunters', 'Bargain hunters', 'at least 2 orders, with 15 % or more of the price taken off', {
    all: [test(orders(), '>=', 2), test(discountDepth.expression, '>=', 0.15)],
  }),
  segment(
    'returners',
    'Returners',
    'in the last 365 days cancelled or sent back at least 2 things, and 3 or more for every 10 bought',
    {
      all: [
        test(lines('cancellation', lastDays(365)), '>=', 2),
        test(ratio(lines('cancellation', lastDays(365)), lines('sale', lastDays(365))), '>=', 0.3),
      ],
    },
  ),
]

const bigSpenders = (amount: number): ShippedSegment =>
  segment(
    'big-spenders',
    'Big spenders',
    `spent ${amount} or more in the last 365 days`,
    test(sumOf('amount', lastDays(365)), '>=', amount),
  )

/** As much as ten views today: two things bought within days. */
const enthusiasm = 10

const enthusiasts = (category: string): ShippedSegment =>
  segment(
    `enthusiasts-${slugOf(category)}`,
    `Enthusiasts of ${category}`,
    `what they did with ${category} of late is worth ${enthusiasm} views today: a cart counts 3, a purchase 5, all half after 30 days`,
    test(interestIn(category), '>=', enthusiasm),
  )

const loyalists = (categories: readonly string[]): ShippedSegment =>
  segment(
    'one-category-loyalists',
    'One-category loyalists',
    'at least 3 orders, with 80 % or more of what they bought from one of the store’s largest categories',
    {
      all: [
        test(orders(), '>=', 3),
        {
          any: categories.map((category) =>
            test(ratio(lines('sale', undefined, within(category)), lines('sale')), '>=', 0.8),
          ),
        },
      ],
    },
  )
