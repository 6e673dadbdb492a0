import { build, type FeatureDefinition } from '@rapport/protocol'

const { events, feature, Facts, given, lines, model } = build

const any = events()
const pages = new Facts({ events: true, call: 'page' })
const views = events('Product Viewed')
const adds = events('Product Added')
const sales = lines('sale')

/** What somebody has done in this session so far. */
export const sessionFeatures: readonly FeatureDefinition[] = [
  feature('session_events', 'Events in this session', any.count().inSession()),
  feature('session_pages', 'Pages seen in this session', pages.count().inSession()),
  feature('session_views', 'Products viewed in this session', views.count().inSession()),
  feature('session_products', 'Different products viewed in this session', views.distinct('product_id').inSession()),
  feature('session_categories', 'Different categories viewed in this session', views.distinct('category').inSession()),
  feature('session_highest_price', 'Highest price viewed in this session', views.max('price').inSession()),
  feature('session_adds', 'Put into the cart in this session', adds.count().inSession()),
  feature('session_cart', 'Worth of what was put into the cart in this session', adds.sum('price').inSession()),
  feature('session_removals', 'Taken out of the cart in this session', events('Product Removed').count().inSession()),
  feature('session_checkouts', 'Checkouts begun in this session', events('Checkout Started').count().inSession()),
  feature('session_orders', 'Orders completed in this session', events('Order Completed').count().inSession()),
  feature('session_length', 'Length of this session', any.span().inSession(), { unit: 'days' }),
]

/** What was known of somebody before and beside it; none of it moves while nothing happens, but by whole days. */
const habits: readonly FeatureDefinition[] = [
  feature('bought_ever', 'Orders', sales.distinct('order_id')),
  feature('bought_30d', 'Orders in the last 30 days', sales.distinct('order_id').last(30, 'days')),
  feature('bought_365d', 'Orders in the last 365 days', sales.distinct('order_id').last(365, 'days')),
  feature('visits_7d', 'Visits in the last 7 days', any.distinct('session_id').last(7, 'days')),
  feature('visits_90d', 'Visits in the last 90 days', any.distinct('session_id').last(90, 'days')),
  feature('views_7d', 'Products viewed in the last 7 days', views.count().last(7, 'days')),
  feature('adds_7d', 'Put into the cart in the last 7 days', adds.count().last(7, 'days')),
]

/** What a model of the intent to buy in this session is told. */
export const intentInputs: readonly FeatureDefinition[] = [...sessionFeatures, ...habits]

/** As long after its latest event a session counts as gone on, days: 30 minutes. */
const sessionGoesOn = 1 / 48

/** The chance of an order later in this session; missing outside of sessions and without a model. */
export const purchaseIntent: FeatureDefinition = feature(
  'purchase_intent',
  'Chance of an order in this session',
  given(model('purchase-intent'), any.where('session_id', 'known').timeSinceLast(), '<=', sessionGoesOn),
)
