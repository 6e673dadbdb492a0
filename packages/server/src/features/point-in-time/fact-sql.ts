import type { FactKind } from '../defined/fact.ts'
import type { FeatureDialect } from '../feature-dialect.ts'
import type { StoreBasis } from '../source-sql.ts'
import { fieldSql } from './field-sql.ts'
import type { FactNeeds } from './needs.ts'

export interface FactSql {
  readonly kind: FactKind
  readonly needs: FactNeeds
  readonly store: StoreBasis
  readonly dialect: FeatureDialect
  /** Which facts, over `fact`, where not all. */
  readonly where?: string
  /** The same where it asks for nothing but columns of its table: the catalogue is then looked into for those facts alone. */
  readonly among?: string
}

/** What a fact's fields are called in the relation of facts. */
export const fieldColumn = (field: string, dialect: FeatureDialect): string => dialect.identifier(`field ${field}`)

/**
 * The facts of a kind, one row each: `customer_id`, `key`, `occurred_at`, `received_at` (ms), `name`, `call` and the fields that are
 * needed, texts as they are, numbers in whole millionths; fields of the properties as text. The one place where facts are
 * taken out of the store's tables: SQL and the live copy both read it.
 */
export function factSql({ kind, needs, store, dialect, where, among }: FactSql): string {
  const isEvent = kind === 'event'
  const name = isEvent ? 'fact.name' : 'fact.kind'
  const table = isEvent ? 'profiled_events' : store.lines
  const conditions = [
    ...(needs.names ? [`${name} in (${needs.names.map((one) => dialect.text(one)).join(', ')})`] : []),
    ...(where ? [where] : []),
  ]
  const fields = needs.fields.map(
    (field) => `,\n      ${fieldSql(kind, field, store, dialect)} as ${fieldColumn(field, dialect)}`,
  )
  const catalogue = needs.fields.includes('category')
    ? dialect.nearestJoin(
        catalogueSql(dialect),
        'listed.product_id = fact.product_id and fact.received_at >= listed.known_at',
      )
    : ''
  return `select fact.customer_id, ${isEvent ? 'fact.event_key' : 'fact.line_key'} as key,
      ${dialect.millisOf('fact.occurred_at')} as occurred_at, ${dialect.millisOf('fact.received_at')} as received_at,
      ${name} as name, ${isEvent ? 'fact.call' : 'null::varchar'} as call${fields.join('')}
    from ${among ? `(select fact.* from ${table} as fact where ${among})` : table} as fact ${catalogue}
    ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}`
}

/** Every category that a product has had in the catalogue, and from when on. */
const catalogueSql = (dialect: FeatureDialect): string => `(
      select product_id, known_at, ${dialect.valueAtLargest('category', '(batch_id, category)')} as category
      from products where category is not null group by product_id, known_at) as listed`
