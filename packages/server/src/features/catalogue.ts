import type { Aggregate, Condition, Definition, Feature, FeatureGroup, SourceName, Window } from './definition.ts'

/** What the catalogue must know of a store. */
export interface CatalogueOptions {
  /** The categories whose shares of lines bought become features, largest first. Default none. */
  readonly categories?: readonly string[]
  /** Whether every trait in the store has a date, so that models may train on traits. Default false. */
  readonly areTraitsDated?: boolean
  /** Scores that models have published, by name. Default none. */
  readonly scores?: readonly PublishedScore[]
}

/** A score as it is called where it is shown. */
export interface PublishedScore {
  readonly score: string
  readonly label: string
  readonly unit: string
}

/** Window lengths of counts and sums; the whole history comes after them. */
const windowDays: readonly number[] = [7, 30, 90, 365]

/**
 * Every feature that Rapport computes, in a fixed order.
 *
 * @example
 * featureCatalogue().find(({ name }) => name === 'orders_90d')?.label // 'orders in the last 90 days'
 */
export function featureCatalogue(options: CatalogueOptions = {}): readonly Feature[] {
  return [
    ...purchaseFeatures(),
    ...rhythmFeatures(),
    ...productFeatures(options.categories ?? []),
    ...returnAndDiscountFeatures(),
    ...habitFeatures(),
    ...engagementFeatures(),
    ...firstPurchaseFeatures(),
    ...traitFeatures(options.areTraitsDated ?? false),
    ...scoreFeatures(options.scores ?? []),
  ]
}

const never = 'never missing'
const noPurchase = 'no purchase yet'

type Details = Pick<Aggregate, 'of' | 'where' | 'window'>
const aggregate = (source: SourceName, name: Aggregate['aggregate'], details: Details = {}): Aggregate => ({
  kind: 'aggregate',
  source,
  aggregate: name,
  ...details,
})
const ratio = (of: Definition, by: Definition): Definition => ({ kind: 'ratio', of, by })

function feature(
  group: FeatureGroup,
  name: string,
  label: string,
  unit: string,
  missing: string,
  definition: Definition,
  more: Partial<Pick<Feature, 'type' | 'trainable'>> = {},
): Feature {
  return { name, label, group, unit, type: 'number', missing, trainable: true, definition, ...more }
}

/** The same aggregate over every window and the whole history: `orders_7d` … `orders_365d`, `orders`. */
function windowed(
  group: FeatureGroup,
  name: string,
  label: string,
  unit: string,
  of: Aggregate,
  missing = never,
): Feature[] {
  return [
    ...windowDays.map((days) =>
      feature(group, `${name}_${days}d`, `${label} in the last ${days} days`, unit, missing, {
        ...of,
        window: { days },
      }),
    ),
    feature(group, name, label, unit, missing, of),
  ]
}

function purchaseFeatures(): Feature[] {
  const average = aggregate('purchases', 'mean', { of: 'amount' })
  return [
    feature(
      'purchases',
      'recency_days',
      'days since the last purchase',
      'days',
      noPurchase,
      aggregate('purchases', 'days-since-latest'),
    ),
    feature(
      'purchases',
      'tenure_days',
      'days since the first purchase',
      'days',
      noPurchase,
      aggregate('purchases', 'days-since-earliest'),
    ),
    ...windowed('purchases', 'orders', 'orders', 'orders', aggregate('purchases', 'count')),
    ...windowed('purchases', 'purchase_days', 'days with a purchase', 'days', aggregate('purchase-days', 'count')),
    ...windowed('purchases', 'spend', 'money spent', 'money', aggregate('purchases', 'sum', { of: 'amount' })),
    ...windowed('purchases', 'items', 'items bought', 'items', aggregate('purchases', 'sum', { of: 'items' })),
    ...windowed(
      'purchases',
      'average_order_value',
      'average order value',
      'money',
      average,
      'no purchase in the store’s currency in the window',
    ),
    feature(
      'purchases',
      'items_per_order',
      'items per order',
      'items',
      noPurchase,
      ratio(aggregate('purchases', 'sum', { of: 'items' }), aggregate('purchases', 'count')),
    ),
    changeFeature('orders', 'change in orders, last 90 days against the 90 before', aggregate('purchases', 'count')),
    changeFeature(
      'spend',
      'change in spend, last 90 days against the 90 before',
      aggregate('purchases', 'sum', { of: 'amount' }),
    ),
  ]
}

function changeFeature(name: string, label: string, of: Aggregate, group: FeatureGroup = 'purchases'): Feature {
  const before: Window = { days: 90, skipDays: 90 }
  return feature(group, `${name}_trend`, label, 'change', 'nothing in the last 180 days', {
    kind: 'change',
    now: { ...of, window: { days: 90 } },
    before: { ...of, window: before },
  })
}

function rhythmFeatures(): Feature[] {
  const gap = aggregate('purchase-days', 'mean', { of: 'gap_days' })
  const fewer = 'fewer than two purchase days'
  return [
    feature('rhythm', 'mean_gap_days', 'days between purchases', 'days', fewer, gap),
    feature(
      'rhythm',
      'gap_deviation_days',
      'spread of days between purchases',
      'days',
      'fewer than three purchase days',
      aggregate('purchase-days', 'deviation', { of: 'gap_days' }),
    ),
    feature(
      'rhythm',
      'overdue_ratio',
      'days since the last purchase against the customer’s own rhythm',
      'ratio',
      fewer,
      ratio(aggregate('purchases', 'days-since-latest'), gap),
    ),
  ]
}

function productFeatures(categories: readonly string[]): Feature[] {
  const sold = aggregate('categories', 'count')
  const used = new Set<string>()
  return [
    ...windowed(
      'products',
      'distinct_products',
      'different products bought',
      'products',
      aggregate('products', 'count'),
    ),
    feature(
      'products',
      'price_level',
      'price of what is bought against the category’s average',
      'ratio',
      'nothing bought of a known category',
      ratio(
        aggregate('categories', 'sum', { of: 'list_amount' }),
        aggregate('categories', 'sum', { of: 'usual_amount' }),
      ),
    ),
    ...categories.map((category) => {
      const where: Condition[] = [{ column: 'category', within: category }]
      return feature(
        'products',
        `category_share_${uniqueSlug(category, used)}`,
        `share of purchases from ${category}`,
        'share',
        'nothing bought of a known category',
        ratio({ ...sold, where }, sold),
      )
    }),
  ]
}

/** A column name from words of any script; numbered where two categories would share one. */
function uniqueSlug(words: string, used: Set<string>): string {
  const plain = words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  let slug = plain === '' ? 'other_script' : plain
  for (let next = 2; used.has(slug); next += 1) slug = `${plain === '' ? 'other_script' : plain}_${next}`
  used.add(slug)
  return slug
}

function returnAndDiscountFeatures(): Feature[] {
  const group = 'returns and discounts'
  const returned = aggregate('returns', 'sum', { of: 'amount' })
  return [
    feature(group, 'returned', 'money returned', 'money', never, returned),
    feature(
      group,
      'return_rate',
      'share of spend returned',
      'share',
      'nothing spent',
      ratio(returned, aggregate('purchases', 'sum', { of: 'amount' })),
    ),
    feature(
      group,
      'discounted_share',
      'share of lines bought at a discount',
      'share',
      'no line with a known discount',
      ratio(
        aggregate('lines', 'count', { where: [{ column: 'is_discounted', equals: true }] }),
        aggregate('lines', 'count', { where: [{ column: 'is_discount_known', equals: true }] }),
      ),
    ),
    feature(
      group,
      'discount_share',
      'share of the price taken off as discount',
      'share',
      'no line with a known discount',
      ratio(
        aggregate('purchases', 'sum', { of: 'discount' }),
        aggregate('purchases', 'sum', { of: 'amount_before_discount' }),
      ),
    ),
  ]
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const dayParts: readonly [name: string, words: string, from: number, until: number][] = [
  ['night', 'at night (0–6 h)', 0, 6],
  ['morning', 'in the morning (6–12 h)', 6, 12],
  ['afternoon', 'in the afternoon (12–18 h)', 12, 18],
  ['evening', 'in the evening (18–24 h)', 18, 24],
]

function habitFeatures(): Feature[] {
  const all = aggregate('purchases', 'count')
  const share = (name: string, words: string, where: Condition): Feature =>
    feature(
      'habits',
      `${name}_share`,
      `share of orders ${words}`,
      'share',
      noPurchase,
      ratio({ ...all, where: [where] }, all),
    )
  return [
    ...weekdays.map((day, index) =>
      share(day, `on a ${day[0]!.toUpperCase()}${day.slice(1)}`, { column: 'weekday', equals: index + 1 }),
    ),
    share('weekend', 'at the weekend', { column: 'weekday', atLeast: 6, below: 8 }),
    ...dayParts.map(([name, words, atLeast, below]) => share(name, words, { column: 'hour', atLeast, below })),
  ]
}

function engagementFeatures(): Feature[] {
  const group = 'engagement'
  const events = (column: string, equals: string): Aggregate =>
    aggregate('events', 'count', { where: [{ column, equals }] })
  const sessions = aggregate('sessions', 'count')
  return [
    feature(
      group,
      'visit_recency_days',
      'days since the last visit',
      'days',
      'no visit yet',
      aggregate('sessions', 'days-since-latest'),
    ),
    ...windowed(group, 'sessions', 'visits', 'visits', sessions),
    ...windowed(group, 'page_views', 'pages viewed', 'views', events('call', 'page')),
    ...windowed(group, 'product_views', 'products viewed', 'views', events('name', 'Product Viewed')),
    ...windowed(group, 'carts', 'visits with something put into the cart', 'visits', {
      ...sessions,
      where: [{ column: 'has_cart', equals: true }],
    }),
    ...windowed(group, 'abandoned_carts', 'abandoned carts', 'carts', {
      ...sessions,
      where: [{ column: 'is_abandoned', equals: true }],
    }),
    ...windowed(group, 'emails_sent', 'emails received', 'emails', events('name', 'Email Sent')),
    ...windowed(group, 'email_opens', 'email opens', 'opens', events('name', 'Email Opened')),
    ...windowed(group, 'email_clicks', 'email clicks', 'clicks', events('name', 'Email Clicked')),
    ...windowed(group, 'tickets', 'support tickets', 'tickets', events('name', 'Ticket Created')),
    ...windowed(group, 'reviews', 'reviews written', 'reviews', events('name', 'Product Reviewed')),
    feature(
      group,
      'email_open_rate',
      'opens per email received',
      'ratio',
      'no email sent',
      ratio(events('name', 'Email Opened'), events('name', 'Email Sent')),
    ),
    feature(
      group,
      'cart_abandonment',
      'share of carts abandoned',
      'share',
      'no cart yet',
      ratio(
        { ...sessions, where: [{ column: 'is_abandoned', equals: true }] },
        { ...sessions, where: [{ column: 'has_cart', equals: true }] },
      ),
    ),
    feature(
      group,
      'orders_per_visit',
      'orders per visit',
      'ratio',
      'no visit yet',
      ratio(aggregate('purchases', 'count'), sessions),
    ),
    changeFeature('visits', 'change in visits, last 90 days against the 90 before', sessions, group),
  ]
}

function firstPurchaseFeatures(): Feature[] {
  const first = (of: string, label: string): Feature =>
    feature(
      'first purchase',
      `first_${of}`,
      label,
      'category',
      'not recorded',
      aggregate('purchases', 'earliest-value', { of }),
      { type: 'category' },
    )
  return [first('source', 'source of the first purchase'), first('country', 'country of the first purchase')]
}

function traitFeatures(trainable: boolean): Feature[] {
  const unknown = 'not told'
  const trait = (name: 'age' | 'gender' | 'country' | 'region' | 'income' | 'education', unit: string): Feature =>
    feature(
      'traits',
      name,
      name,
      unit,
      unknown,
      { kind: 'trait', trait: name },
      {
        type: name === 'age' || name === 'income' ? 'number' : 'category',
        trainable,
      },
    )
  return [
    trait('age', 'years'),
    trait('gender', 'category'),
    trait('country', 'category'),
    trait('region', 'category'),
    trait('income', 'income'),
    trait('education', 'category'),
  ]
}

/** Models do not learn from scores: those of the past are not kept. */
const scoreFeatures = (scores: readonly PublishedScore[]): Feature[] =>
  scores.map(({ score, label, unit }) =>
    feature('scores', score, label, unit, 'not scored', { kind: 'score', score }, { trainable: false }),
  )
