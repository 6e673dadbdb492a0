import type { Occurrence, PredictionTarget } from '@rapport/protocol'
import type { Instant } from '../../../base/index.ts'
import { eventConditions, jsonText, propertyNumber } from '../../../rules/index.ts'
import type { Dialect } from '../../../warehouse/index.ts'

/** Between which moments an outcome lies, and by when it must have been known. */
export interface OutcomeWindow {
  /** Nothing at or before counts. */
  readonly cut: Instant
  /** Nothing after counts. */
  readonly until: Instant
  readonly knownBy: Instant
  /** Of amounts; money in others is left out. */
  readonly currency: string
  readonly dialect: Dialect
}

/**
 * What came of each customer of `staged_cohort`, one row each by id: `value` is 0 or 1 of what happens, a sum of an amount,
 * days until it happened of `when` (null where it did not).
 *
 * @throws TypeError for a series, which is of no customer, and for sessions, which are asked at moments of their own
 */
export function outcomeSql(target: PredictionTarget, window: OutcomeWindow): string {
  const { cut, dialect } = window
  const over = (facts: string, value: string): string => `select cohort.customer_id, (${value})::double as value
from staged_cohort as cohort left join (${facts}) as fact on fact.customer_id = cohort.customer_id
group by cohort.customer_id order by cohort.customer_id`
  switch (target.kind) {
    case 'happens':
      return over(
        occurrenceSql(target.of, window),
        target.isAbsence ? 'count(fact.customer_id) = 0' : 'count(fact.customer_id) > 0',
      )
    case 'when':
      return over(
        occurrenceSql(target.of, window),
        `(min(${dialect.millisOf('fact.occurred_at')}) - ${Math.round(cut)}) / 86400000.0`,
      )
    case 'amount':
      return over(amountSql(target.of, window), 'coalesce(sum(fact.micros), 0)::double / 1000000')
    case 'trait':
      return traitSql(target, window)
    case 'series':
      throw new TypeError('a series is of no customer')
    case 'session':
      throw new TypeError('a session is asked for an order at its own moments')
  }
}

const inside = ({ cut, until, knownBy, dialect }: OutcomeWindow, at = 'occurred_at'): string =>
  `${at} > ${dialect.instant(cut)} and ${at} <= ${dialect.instant(until)} and received_at <= ${dialect.instant(knownBy)}`

/** A category as paths are read everywhere: `Women>Dresses` is `Women > Dresses`. */
export const categoryPath = (category: string): string => category.trim().replaceAll(/\s*>\s*/g, ' > ')

function occurrenceSql(of: Occurrence, window: OutcomeWindow): string {
  const { dialect } = window
  if ('event' in of) {
    const { event, where } = of
    const conditions = eventConditions({ event, where }, dialect).join(' and ')
    return `select customer_id, occurred_at from profiled_events where ${conditions} and ${inside(window)}`
  }
  const sold = `kind = 'sale' and customer_id is not null and ${inside(window)}`
  if (of.category === undefined) return `select customer_id, occurred_at from profiled_lines where ${sold}`
  const path = (column: string): string => `nullif(trim(regexp_replace(${column}, '\\s*>\\s*', ' > ', 'g')), '')`
  const category = categoryPath(of.category)
  const wanted = dialect.text(category)
  return `select customer_id, occurred_at from (
    select line.*, coalesce(${path('line.category')}, ${path('listed.category')}) as path
    from profiled_lines as line
    left join (
      select product_id, arg_max(category, (known_at, batch_id)) as category
      from products where category is not null group by product_id
    ) as listed on listed.product_id = line.product_id)
  where ${sold} and (path = ${wanted} or starts_with(path, ${dialect.text(`${category} > `)}))`
}

/** What a property says beyond this is no amount: anybody can send an event, and millionths of it would not be counted. */
const amountMost = 1e12

function amountSql(of: Extract<PredictionTarget, { kind: 'amount' }>['of'], window: OutcomeWindow): string {
  const { dialect, currency } = window
  if (of === 'spend') {
    return `select customer_id, amount_micros as micros from profiled_lines
    where kind = 'sale' and customer_id is not null and currency = ${dialect.text(currency)} and ${inside(window)}`
  }
  const number = propertyNumber(of.property, dialect)
  // A price is money; a property of the shop's own making says nothing of its currency, nor does a store without sales.
  const isMoney = of.property === 'price' && currency !== ''
  const money = isMoney ? ` and coalesce(currency, ${dialect.text(currency)}) = ${dialect.text(currency)}` : ''
  return `select customer_id, try_cast(round(${number} * 1000000) as bigint) as micros from profiled_events
    where ${eventConditions(of, dialect).join(' and ')} and abs(${number}) <= ${amountMost}${money} and ${inside(window)}`
}

/** Columns of the customers table that a trait may be; anything else is a key of its JSON. */
const traitColumns = ['gender', 'country', 'region', 'city', 'postal_code', 'education', 'income']

/** A trait that nobody said anything new of has not changed. */
function traitSql(
  { trait, becomes }: Extract<PredictionTarget, { kind: 'trait' }>,
  { cut, until, knownBy, dialect }: OutcomeWindow,
): string {
  const key = jsonText('traits', trait, dialect)
  const imported = traitColumns.includes(trait) ? `coalesce(${trait}::varchar, ${key})` : key
  const latest = (moments: string): string => `select customer_id, arg_max(value, said_at) as value from said
    where value is not null and ${moments} group by customer_id`
  const wanted = becomes === undefined ? '' : ` and newer.value = ${dialect.text(String(becomes))}`
  return `with said as (
    select customer_id, known_at as said_at, ${imported} as value from profiled_customers where known_at is not null
    union all
    select customer_id, received_at, ${jsonText('properties', trait, dialect)} from profiled_events
    where call = 'identify' and customer_id is not null),
known as (${latest(`said_at <= ${dialect.instant(cut)}`)}),
newer as (${latest(`said_at > ${dialect.instant(cut)} and said_at <= ${dialect.instant(Math.min(until, knownBy))}`)})
select cohort.customer_id,
  coalesce(newer.value is not null and newer.value is distinct from known.value${wanted}, false)::integer::double as value
from staged_cohort as cohort
left join known on known.customer_id = cohort.customer_id
left join newer on newer.customer_id = cohort.customer_id
order by cohort.customer_id`
}
