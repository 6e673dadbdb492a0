import type { LiveRule } from '../../../rules/index.ts'
import { slugOf } from '../../slug.ts'
import { happened, lastDays, orders, ratio, test, within } from './parts.ts'
import type { LibraryOptions, ShippedSegment } from './shipped-segment.ts'

/**
 * Segments by what customers care for and how they go about it, from what they look at and what they answer when asked:
 * never from who they are.
 */
export function psychographicSegments({ categories = [] }: LibraryOptions): readonly ShippedSegment[] {
  return [...categories.map(interest), ...lifestyles, ...values]
}

const segment = (id: string, name: string, words: string, rule: LiveRule): ShippedSegment => ({
  ...{ id: `psychographic.${id}`, name, words, rule, kind: 'psychographic' },
})

const views = (days: number) => happened('Product Viewed', lastDays(days))

const interest = (category: string): ShippedSegment =>
  segment(
    `interest-${slugOf(category)}`,
    `Interested in ${category}`,
    `in the last 30 days looked at products of ${category} 3 times or more, and that is 4 in 10 of all looked at`,
    {
      all: [
        test(happened('Product Viewed', lastDays(30), within(category)), '>=', 3),
        test(ratio(happened('Product Viewed', lastDays(30), within(category)), views(30)), '>=', 0.4),
      ],
    },
  )

const lifestyles: readonly ShippedSegment[] = [
  segment(
    'comparers',
    'Comparers',
    'looked at 15 different products or more in the last 30 days for every order, or without one',
    {
      all: [
        test(seen(30), '>=', 15),
        { any: [test(orders(lastDays(30)), '=', 0), test(ratio(seen(30), orders(lastDays(30))), '>=', 15)] },
      ],
    },
  ),
  segment(
    'quick-deciders',
    'Quick deciders',
    'in the last 365 days bought at least twice within half an hour of the last thing that they put into the cart',
    test(
      {
        sequence: {
          first: { events: 'Product Added' },
          next: { lines: 'sale' },
          without: { events: 'Product Added' },
          within: { count: 30, unit: 'minute' },
        },
        window: lastDays(365),
      },
      '>=',
      2,
    ),
  ),
]

function seen(days: number) {
  const from = { events: 'Product Viewed' }
  return { aggregate: 'distinct', of: 'product_id', from, window: lastDays(days) } as const
}

const lastScore = {
  aggregate: 'last',
  of: 'properties.score',
  as: 'number',
  from: { events: 'Survey Answered' },
} as const

/** The answer that a survey gave last to a question, by the properties `question` and `answer`. */
const answered = (question: string, answers: readonly string[]): LiveRule => ({
  feature: {
    aggregate: 'last',
    of: 'properties.answer',
    from: { events: 'Survey Answered', where: [{ field: 'properties.question', op: '=', value: question }] },
  },
  op: 'in',
  value: answers,
})

const values: readonly ShippedSegment[] = [
  segment('promoters', 'Promoters', 'gave 9 or 10 in the latest survey', test(lastScore, '>=', 9)),
  segment('detractors', 'Detractors', 'gave 6 or less in the latest survey', test(lastScore, '<=', 6)),
  segment(
    'sustainability',
    'Sustainability matters',
    'answered “sustainability” or “environment” when a survey last asked for “values”',
    answered('values', ['sustainability', 'environment']),
  ),
  segment(
    'price-first',
    'Price comes first',
    'answered “price” when a survey last asked for “values”',
    answered('values', ['price']),
  ),
]
