import type { Instant } from '../base/index.ts'
import type { FeatureDialect } from './feature-dialect.ts'

/** For which customers, and as of which moments, features are computed. */
export type Moments =
  | { readonly kind: 'everyone'; readonly asOf: Instant }
  /** A table of (customer_id, as_of in ms), one row per pair. */
  | { readonly kind: 'listed'; readonly table: string }

/** How the parts of the query that depend on the moment are written: one moment for all, or one per row. */
export interface MomentSql {
  /** Whether each row has a moment of its own. */
  readonly isListed: boolean
  /** What rows belong to: `customer_id`, and the moment where there are several per customer. */
  readonly keys: readonly string[]
  /** The keys as a select list, with the given table's prefix. */
  select(prefix?: string): string
  /** Equality of the keys of two tables. */
  match(left: string, right: string): string
  /** The keys of a row of facts, where `known` is the `from` clause. */
  readonly factKeys: string
  /** `from … where …` over a table of facts with the alias `fact`, whose rows were known by then. */
  known(table: string): string
  /** The moment as an expression, once `known` has been used. */
  readonly asOf: string
}

export function momentSql(moments: Moments, dialect: FeatureDialect): MomentSql {
  const listed = moments.kind === 'listed'
  const keys = listed ? ['customer_id', 'as_of'] : ['customer_id']
  const asOf = listed ? 'moments.as_of' : dialect.instant(moments.asOf)
  const wasKnown = `fact.occurred_at <= ${asOf} and fact.received_at <= ${asOf}`
  return {
    isListed: listed,
    keys,
    asOf,
    select: (prefix = '') => keys.map((key) => `${prefix}${key}`).join(', '),
    match: (left, right) => keys.map((key) => `${left}.${key} = ${right}.${key}`).join(' and '),
    factKeys: listed ? 'moments.customer_id, moments.as_of' : 'fact.customer_id',
    known: (table) =>
      listed
        ? `from ${table} as fact join moments on moments.customer_id = fact.customer_id where ${wasKnown}`
        : `from ${table} as fact where fact.customer_id is not null and ${wasKnown}`,
  }
}
