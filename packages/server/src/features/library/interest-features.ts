import { build, type FeatureDefinition, type FeatureExpression } from '@rapport/protocol'

const { events, feature, given, lines, sum } = build

/** After as many days something that was done counts half. */
const halfLifeDays = 30

/**
 * What doing something with a thing tells of how much somebody cares for it, against looking at it: an assumption, as in every
 * model of implicit feedback, not an estimate.
 */
export const interestWeights = { view: 1, add: 3, purchase: 5 } as const

/** Interest in what facts are about, in views of today. @param within a category's path; default all */
export function interestIn(within?: string): FeatureExpression {
  const [views, adds, sales] = [events('Product Viewed'), events('Product Added'), lines('sale')].map((facts) => {
    const those = within === undefined ? facts : facts.where('category', 'within', within)
    return those.decayed(halfLifeDays, 'days')
  })
  return sum([views!, interestWeights.view], [adds!, interestWeights.add], [sales!, interestWeights.purchase])
    .expression
}

const interest = { expression: interestIn() }

/** What interest there must be, in views of today, for anything to be a favourite. */
const favouriteMin = 1

/** Where somebody's interest is the largest. */
const favourite = (of: string) =>
  given(
    events('Product Viewed').strongest(
      ...([of, halfLifeDays, 'days'] as const),
      [events('Product Added'), interestWeights.add],
      [lines('sale'), interestWeights.purchase],
    ),
    interest,
    '>=',
    favouriteMin,
  )

/** How much somebody cares for a category or a product: what they did with it, fading. */
export const interestFeatures: readonly FeatureDefinition[] = [
  feature('category_interest', 'Interest in the category', interest, { entity: 'customer-category' }),
  feature('product_interest', 'Interest in the product', interest, { entity: 'customer-product' }),
  feature('interest', 'Interest in anything', interest),
  feature('favourite_category', 'The category that somebody cares for most', favourite('category')),
  feature('favourite_product', 'The product that somebody cares for most', favourite('product_id')),
]
