import type { FeatureDefinition } from '@rapport/protocol'

/**
 * What a feature is made of: aggregates over a customer's purchases and events, as values, so that SQL over the whole
 * history, the reference interpreter of the tests and (later) the live stream all read the same definition.
 */
export type Definition = Aggregate | Ratio | Change | Trait | Score | Declared

/** One aggregate over the rows of a source that lie in the window and meet every condition. */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly source: SourceName
  readonly aggregate: AggregateName
  /** The column that is summed, averaged or taken; counts and days since need none. */
  readonly of?: string
  readonly where?: readonly Condition[]
  /** The whole history when left out. */
  readonly window?: Window
}

/** Missing when the divisor is zero or either part is missing. */
export interface Ratio {
  readonly kind: 'ratio'
  readonly of: Definition
  readonly by: Definition
}

/** (now − before) / (now + before), in [−1, 1] for values ≥ 0; missing when both are zero. */
export interface Change {
  readonly kind: 'change'
  readonly now: Definition
  readonly before: Definition
}

/** What the customer's records say, the latest known value; undated records count only where the catalogue says so. */
export interface Trait {
  readonly kind: 'trait'
  readonly trait: TraitName
}

/** What a model that was published by then says of the customer; missing where none does. */
export interface Score {
  readonly kind: 'score'
  readonly score: string
}

/** What somebody declared in JSON: the language of `@rapport/protocol`, computed by `point-in-time/`. */
export interface Declared {
  readonly kind: 'declared'
  /** Which of the definitions it is. */
  readonly name: string
  /** Its own and those that it refers to, so that a model goes on reading what it learned from when others are declared. */
  readonly definitions: readonly FeatureDefinition[]
}

/**
 * What aggregates run over, one row per …
 *
 * - `purchases`: order with at least one sale line, at the moment of its first sale line
 * - `purchase-days`: day in the store's time zone with a purchase
 * - `products`: product bought, non-products left out
 * - `lines`: line sold, non-products left out
 * - `categories`: line sold with a known category, non-products left out
 * - `returns`: line cancelled or refunded
 * - `sessions`: session, at its latest event
 * - `events`: identified event
 */
export type SourceName =
  | 'purchases'
  | 'purchase-days'
  | 'products'
  | 'lines'
  | 'categories'
  | 'returns'
  | 'sessions'
  | 'events'

/**
 * - `count`: rows; 0 when there are none
 * - `sum`: of the values that are known; 0 when there are none
 * - `mean`: of the values that are known; missing when there are none
 * - `deviation`: sample standard deviation; missing with fewer than two values
 * - `days-since-latest`, `days-since-earliest`: from the row's moment to t; missing when there are no rows
 * - `earliest-value`: the text of the earliest row that has one; missing when there is none
 */
export type AggregateName =
  | 'count'
  | 'sum'
  | 'mean'
  | 'deviation'
  | 'days-since-latest'
  | 'days-since-earliest'
  | 'earliest-value'

/** Rows whose column equals a value, lies in [atLeast, below), or is a path at or below another (`Women` has `Women > Tops`). */
export type Condition =
  | { readonly column: string; readonly equals: string | number | boolean }
  | { readonly column: string; readonly atLeast: number; readonly below: number }
  | { readonly column: string; readonly within: string }

/** (t − skipDays − days, t − skipDays]: half-open, so that neighbouring windows share no row. A day is 24 hours. */
export interface Window {
  readonly days: number
  readonly skipDays?: number
}

export type TraitName = 'age' | 'gender' | 'country' | 'region' | 'income' | 'education'

/** One entry of the catalogue. */
export interface Feature {
  /** As columns are called: `orders_90d`. */
  readonly name: string
  /** In words for a marketer, to be read after "average": `orders in the last 90 days`. */
  readonly label: string
  readonly group: FeatureGroup
  /** 'days', 'orders', 'money' (the store's currency), 'share' (0 … 1), 'change' (−1 … 1) … */
  readonly unit: string
  readonly type: 'number' | 'category'
  /** What a missing value means; 'never missing' for counts and sums. */
  readonly missing: string
  /** False for what must stay out of training: values that carry no date. */
  readonly trainable: boolean
  readonly definition: Definition
}

export type FeatureGroup =
  | 'purchases'
  | 'rhythm'
  | 'products'
  | 'returns and discounts'
  | 'habits'
  | 'engagement'
  | 'first purchase'
  | 'traits'
  | 'scores'
  | 'declared'
