import type { FeatureDialect } from '../feature-dialect.ts'

/** What traits are called in the relation of records. */
export const traitColumn = (trait: string, dialect: FeatureDialect): string => dialect.identifier(`trait ${trait}`)

/**
 * What was said of customers, a row a record: `customer_id`, `known_at` (ms), `key` and the traits, null where it says
 * nothing of one. Of imports, known from their date on, or from the import on where they have none; and of identify calls.
 */
export function recordSql(traits: readonly string[], dialect: FeatureDialect): string {
  const columns = (said: (trait: string) => string): string =>
    traits.map((trait) => `${said(trait)} as ${traitColumn(trait, dialect)}`).join(', ')
  return `select coalesce(joined.customer_id, fact.customer_id) as customer_id,
      ${dialect.millisOf('coalesce(fact.known_at, batches.imported_at)')} as known_at, fact.batch_id::uhugeint as key,
      ${columns((trait) => importedTrait(trait, dialect))}
    from profiled_customers as fact
    left join batches on batches.batch_id = fact.batch_id
    left join identity_map as joined on joined.received_id = fact.customer_id
    where fact.known_at is not null or batches.imported_at is not null
    union all
    select fact.customer_id, ${dialect.millisOf('greatest(fact.occurred_at, fact.received_at)')}, fact.event_key,
      ${columns((trait) => identifiedTrait(trait, dialect))}
    from profiled_events as fact
    where fact.call = 'identify' and fact.customer_id is not null and fact.properties is not null`
}

/** The names of traits, `name`, a row for each record that says it; of so many imported records and identify calls. */
export const traitNamesSql = (most: number): string => `
  select unnest([${Object.keys(traitKeys)
    .map((trait) => `case when ${trait} is not null then '${trait}' end`)
    .join(', ')}]) as name from (from profiled_customers limit ${most})
  union all
  select unnest(json_keys(traits)) from (from profiled_customers limit ${most}) where traits is not null
  union all
  select unnest(json_keys(properties)) from (from profiled_events where call = 'identify' limit ${most}) where properties is not null`

/** The latest of a trait's values in a group of records. */
export const latestOf = (trait: string, dialect: FeatureDialect): string => {
  const value = traitColumn(trait, dialect)
  return dialect.valueAtLargest(value, `(known_at, key, ${value})`)
}

/** Scores, one a moment: `customer_id`, `score`, `as_of` (ms), `value`. */
export const scoreSql = (scores: readonly string[], dialect: FeatureDialect): string =>
  `select customer_id, score, ${dialect.millisOf('as_of')} as as_of, ${dialect.valueAtLargest('value', '(model_id, value)')} as value
    from served_scores where score in (${scores.map((score) => dialect.text(score)).join(', ')}) group by all`

/** Columns of `customers`, and what identify calls call them; other traits are among a record's `traits`. */
const traitKeys: Readonly<Record<string, readonly string[]>> = {
  email: ['email'],
  phone: ['phone'],
  first_name: ['firstName', 'first_name'],
  last_name: ['lastName', 'last_name'],
  birth_date: ['birthday', 'birth_date'],
  gender: ['gender'],
  country: ['address.country', 'country'],
  region: ['address.state', 'region'],
  city: ['address.city', 'city'],
  postal_code: ['address.postalCode', 'postal_code'],
  income: ['income'],
  education: ['education'],
  created_at: ['createdAt', 'created_at'],
}

function importedTrait(trait: string, dialect: FeatureDialect): string {
  if (!Object.hasOwn(traitKeys, trait)) return dialect.jsonScalar('fact.traits', trait.split('.'))
  return textOf(trait, `fact.${dialect.identifier(trait)}`, dialect)
}

function identifiedTrait(trait: string, dialect: FeatureDialect): string {
  const keys = Object.hasOwn(traitKeys, trait) ? traitKeys[trait]! : [trait]
  const said = keys.map((key) => dialect.jsonScalar('fact.properties', key.split('.')))
  const first = said.length === 1 ? said[0]! : `coalesce(${said.join(', ')})`
  return Object.hasOwn(typed, trait) ? textOf(trait, `try_cast(${first} as ${typed[trait]})`, dialect) : first
}

const typed: Readonly<Record<string, string>> = { birth_date: 'date', income: 'double', created_at: 'timestamptz' }

/** One way to write a date, an income and a moment, whoever said it. Infinity is a date in SQL and none in a calendar. */
function textOf(trait: string, value: string, dialect: FeatureDialect): string {
  if (!Object.hasOwn(typed, trait)) return value
  const written = {
    date: `${value}::varchar`,
    double: `case when ${value} = floor(${value}) and abs(${value}) < 1e15 then ${value}::bigint::varchar else ${value}::varchar end`,
    timestamptz: dialect.isoText(value),
  }[typed[trait] as 'date' | 'double' | 'timestamptz']
  return `case when isfinite(${value}) then ${written} end`
}
