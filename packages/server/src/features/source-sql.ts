import { cartRescueMs, cartRestMs } from './columns.ts'
import type { SourceName } from './definition.ts'
import type { FeatureDialect } from './feature-dialect.ts'
import type { MomentSql } from './moments.ts'

/** What every reading of the store's lines needs to know. */
export interface StoreBasis {
  /** IANA name. */
  readonly timezone: string
  /** Amounts in other currencies are left out: there is no rate to convert them by. */
  readonly currency: string
  /** Where lines are read: the view, or the table where it leaves no line out, which is read faster. */
  readonly lines: 'profiled_lines' | 'order_lines'
}

/** What the sources' SQL needs to know of the store. */
export interface StoreFacts extends StoreBasis {
  /** What the store has no row of at all: nothing is read for it, and features are what they are of nobody. */
  readonly absent: ReadonlySet<OptionalFact>
}

/** What many stores have none of: sources, discounts and refunds that lines know. */
export type OptionalFact = 'events' | 'sessions' | 'categories' | 'returns' | 'discounts' | 'refunds'

/** Which relations each source is made from; a relation comes after what it reads. */
const needs: Readonly<Record<SourceName, readonly string[]>> = {
  purchases: [],
  'purchase-days': ['purchase_days'],
  products: ['products_bought'],
  lines: ['lines_bought'],
  categories: ['product_categories', 'categorised_lines', 'usual_prices', 'categories_bought'],
  returns: ['returned_lines'],
  sessions: ['sessions'],
  events: ['event_counts'],
}

/** The relation that holds a source's rows. */
export const relationOf: Readonly<Record<SourceName, string>> = {
  purchases: 'purchases',
  'purchase-days': 'purchase_days',
  products: 'products_bought',
  lines: 'lines_bought',
  categories: 'categories_bought',
  returns: 'returned_lines',
  sessions: 'sessions',
  events: 'event_counts',
}

/**
 * The common table expressions for these sources. Every source's relation has the keys, `age` (milliseconds before the
 * moment, of the row's latest part), `first_age` (of its earliest) and `bucket`: how many of `edgesMs` the age has reached.
 * Events are counted by bucket first (`rows_0`, `rows_1`, …): ten million of them are not compared with every window.
 *
 * @param edgesMs rising ages at which a window begins or ends
 */
export function sourceSql(
  sources: ReadonlySet<SourceName>,
  moment: MomentSql,
  edgesMs: readonly number[],
  store: StoreFacts,
  dialect: FeatureDialect,
): string[] {
  const wanted = new Set([...sources].flatMap((source) => needs[source]))
  // The population is everybody with a purchase or an event, so these are always made.
  for (const relation of ['lines', 'purchases']) wanted.add(relation)
  const bucket = bucketSql(edgesMs)
  const relations: Record<string, () => string> = {
    lines: () => lines(moment, store, dialect),
    purchases: () => purchases(moment, bucket, store, dialect),
    purchase_days: () => purchaseDays(moment, bucket, dialect),
    products_bought: () => productsBought(moment, bucket),
    lines_bought: () => linesBought(moment, bucket),
    product_categories: () => productCategories(moment, dialect),
    categorised_lines: () => categorisedLines(moment, dialect),
    usual_prices: () => usualPrices(moment, store, dialect),
    categories_bought: () => categoriesBought(moment, bucket, dialect),
    returned_lines: () => returnedLines(moment, bucket, store),
    sessions: () => sessions(moment, bucket, dialect),
    event_counts: () => eventCounts(moment, edgesMs, bucket, dialect),
  }
  return Object.entries(relations)
    .filter(([name]) => wanted.has(name))
    .map(([, sql]) => sql())
}

const bucketSql =
  (edgesMs: readonly number[]) =>
  (age: string): string =>
    edgesMs.length === 0
      ? '0'
      : `case ${edgesMs.map((edge, index) => `when ${age} < ${edge}::bigint then ${index}`).join(' ')} else ${edgesMs.length} end`

type BucketSql = (age: string) => string

/** Shops write categories as paths, with or without spaces. */
export const pathOf = (path: string): string => `nullif(trim(regexp_replace(${path}, '\\s*>\\s*', ' > ', 'g')), '')`

const ageOf = (moment: MomentSql, dialect: FeatureDialect): string =>
  `${dialect.millisOf(moment.asOf)} - ${dialect.millisOf('fact.occurred_at')}`

/** The latest category of every product as of the one moment, or every one it has had where moments differ. */
function productCategories(moment: MomentSql, dialect: FeatureDialect): string {
  return moment.isListed
    ? `product_categories as (
    select product_id, known_at, ${dialect.valueAtLargest('category', '(batch_id, category)')} as category
    from products where category is not null group by product_id, known_at)`
    : `product_categories as (
    select product_id, ${dialect.valueAtLargest('category', '(known_at, batch_id, category)')} as category
    from products where category is not null and known_at <= ${moment.asOf} group by product_id)`
}

/** Lines with the category that they name, else the product's. */
function categorisedLines(moment: MomentSql, dialect: FeatureDialect): string {
  const isSame = 'listed.product_id = lines.product_id'
  const catalogue = moment.isListed
    ? dialect.nearestJoin('product_categories as listed', `${isSame} and lines.as_of >= listed.known_at`)
    : `left join product_categories as listed on ${isSame}`
  return `categorised_lines as (
    select lines.* exclude (category), coalesce(${pathOf('lines.category')}, ${pathOf('listed.category')}) as category
    from lines ${catalogue} where lines.kind = 'sale')`
}

/**
 * One moment for all: every source reads the columns it needs, which takes less than writing all of them down once. A
 * moment for each row: the join with the moments is done once.
 */
function lines(moment: MomentSql, store: StoreFacts, dialect: FeatureDialect): string {
  const isOwnCurrency = `fact.currency = ${dialect.text(store.currency)}`
  const known = `
    select ${moment.factKeys}, fact.order_id, fact.product_id, fact.category, fact.kind, fact.occurred_at, fact.country, fact.source,
      ${ageOf(moment, dialect)} as age,
      round(fact.quantity * 1000000)::bigint as quantity_millionths,
      case when ${isOwnCurrency} then fact.amount_micros end as amount,
      case when ${isOwnCurrency} then fact.discount_micros end as discount,
      case when ${isOwnCurrency} then fact.refund_micros end as refund
    ${moment.known(store.lines)}`
  return `lines as ${moment.isListed ? '' : 'not '}materialized (
    select *, coalesce(product_id in (select product_id from non_products), false) as is_no_product
    from (${known}))`
}

function purchases(moment: MomentSql, bucket: BucketSql, store: StoreFacts, dialect: FeatureDialect): string {
  return `purchase_totals as (
    select ${moment.select()}, order_id, max(age) as age, min(occurred_at) as occurred_at,
      sum(amount)::bigint as amount,
      (sum(quantity_millionths) filter (not is_no_product))::bigint as items,
      (sum(discount) filter (amount is not null))::bigint as discount,
      (sum(amount + discount))::bigint as amount_before_discount,
      min(country) as country, min(source) as source
    from lines where kind = 'sale' group by ${moment.select()}, order_id),
  purchases as materialized (
    select * exclude (local_time), age as first_age, ${bucket('age')} as bucket,
      ${dialect.hourOf('local_time')} as hour, ${dialect.weekdayOf('local_time')} as weekday,
      ${dialect.dateOf('local_time')} as local_day
    from (select *, ${dialect.localTime('occurred_at', store.timezone)} as local_time from purchase_totals))`
}

function purchaseDays(moment: MomentSql, bucket: BucketSql, dialect: FeatureDialect): string {
  const before = `lag(local_day) over (partition by ${moment.select()} order by local_day)`
  return `purchase_days as (
    select *, ${bucket('age')} as bucket, ${dialect.daysBetween(before, 'local_day')} as gap_days
    from (
      select ${moment.select()}, local_day, min(age) as age, max(age) as first_age
      from purchases group by ${moment.select()}, local_day))`
}

function productsBought(moment: MomentSql, bucket: BucketSql): string {
  return `products_bought as (
    select *, ${bucket('age')} as bucket
    from (
      select ${moment.select()}, product_id, min(age) as age, max(age) as first_age
      from lines where kind = 'sale' and product_id is not null and not is_no_product
      group by ${moment.select()}, product_id))`
}

function linesBought(moment: MomentSql, bucket: BucketSql): string {
  return `lines_bought as (
    select ${moment.select()}, age, age as first_age, ${bucket('age')} as bucket,
      coalesce(discount > 0, false) as is_discounted, discount is not null as is_discount_known
    from lines where kind = 'sale' and not is_no_product)`
}

/** What one piece of each category has cost on average, over every sale known by then, of unknown customers too. */
function usualPrices(moment: MomentSql, store: StoreFacts, dialect: FeatureDialect): string {
  const sold = `select ${pathOf('fact.category')} as category, round(fact.quantity * 1000000)::bigint as pieces,
      fact.amount_micros + coalesce(fact.discount_micros, 0) as list_amount,
      greatest(fact.occurred_at, fact.received_at) as known_at
    from ${store.lines} as fact
    left join non_products on non_products.product_id = fact.product_id
    where fact.kind = 'sale' and fact.category is not null and fact.currency = ${dialect.text(store.currency)}
      and non_products.product_id is null`
  const totals = (over: string): string =>
    `sum(list_amount)${over}::bigint as paid, sum(pieces)${over}::bigint as pieces`
  return moment.isListed
    ? `usual_prices as (
    select category, known_at, max(paid) as paid, max(pieces) as pieces
    from (select category, known_at, ${totals(' over (partition by category order by known_at)')} from (${sold}))
    group by category, known_at)`
    : `usual_prices as (
    select category, ${totals('')} from (${sold}) where known_at <= ${moment.asOf} group by category)`
}

function categoriesBought(moment: MomentSql, bucket: BucketSql, dialect: FeatureDialect): string {
  const isSame = 'usual_prices.category = bought.category'
  const usual = moment.isListed
    ? dialect.nearestJoin('usual_prices', `${isSame} and bought.as_of >= usual_prices.known_at`)
    : `left join usual_prices on ${isSame}`
  const each = 'usual_prices.paid::double / nullif(usual_prices.pieces, 0)'
  return `categories_bought as (
    select bought.*, case when amount is not null then
      floor(bought.quantity_millionths::double * (${each}) + 0.5)::bigint end as usual_amount
    from (
      select ${moment.select()}, category, amount, amount + coalesce(discount, 0) as list_amount, quantity_millionths,
        age, age as first_age, ${bucket('age')} as bucket
      from categorised_lines where category is not null and not is_no_product) as bought
    ${usual})`
}

function returnedLines(moment: MomentSql, bucket: BucketSql, { absent }: StoreFacts): string {
  const refunded = absent.has('refunds') ? '' : ` or (kind = 'sale' and refund <> 0)`
  return `returned_lines as (
    select ${moment.select()}, age, age as first_age, ${bucket('age')} as bucket,
      case when kind = 'cancellation' then -amount else 0 end + coalesce(refund, 0) as amount
    from lines where kind = 'cancellation'${refunded})`
}

function sessions(moment: MomentSql, bucket: BucketSql, dialect: FeatureDialect): string {
  return `session_totals as materialized (
    select ${moment.factKeys}, fact.session_id,
      min(${ageOf(moment, dialect)}) as age, max(${ageOf(moment, dialect)}) as first_age,
      max(${ageOf(moment, dialect)}) filter (fact.name = 'Product Added') as cart_age,
      bool_or(fact.name = 'Order Completed') as is_completed
    ${moment.known('profiled_events')} and fact.session_id is not null
    group by all),
  -- Ages fall as time passes, so they are turned round for the search of the next purchase.
  purchase_moments as (select ${moment.select()}, -age as since from purchases),
  cart_sessions as (select *, -cart_age as since from session_totals where cart_age is not null),
  sessions as (
    select ${moment.select()}, age, first_age, ${bucket('age')} as bucket, false as has_cart, false as is_abandoned
    from session_totals where cart_age is null
    union all
    select ${moment.select('cart.')}, cart.age, cart.first_age, ${bucket('cart.age')} as bucket, true as has_cart,
      cart.age >= ${cartRestMs} and not cart.is_completed
        and not coalesce(bought.since - cart.since <= ${cartRescueMs}, false) as is_abandoned
    from cart_sessions as cart
    ${dialect.nearestJoin('purchase_moments as bought', `${moment.match('cart', 'bought')} and cart.since <= bought.since`)})`
}

/** One row per customer and kind of event, its count in each bucket side by side: features then add up few rows. */
function eventCounts(
  moment: MomentSql,
  edgesMs: readonly number[],
  bucket: BucketSql,
  dialect: FeatureDialect,
): string {
  const counts = Array.from({ length: edgesMs.length + 1 }, (_, at) => `count(*) filter (bucket = ${at}) as rows_${at}`)
  return `event_counts as materialized (
    select ${moment.select()}, call, name, ${counts.join(', ')}, min(age) as age, max(age) as first_age
    from (select *, ${bucket('age')} as bucket from (
      select ${moment.factKeys}, fact.call, fact.name, ${ageOf(moment, dialect)} as age
      ${moment.known('profiled_events')}))
    group by all)`
}
