import { RapportError } from '../base/index.ts'
import type { SourceName } from './definition.ts'

/** A column of a source that aggregates and conditions may name. */
export interface SourceColumn {
  readonly type: 'integer' | 'text' | 'boolean'
  /** What one unit of the feature is in the column's whole numbers: 10⁶ for money and quantities, else 1. */
  readonly scale: number
}

const integer: SourceColumn = { type: 'integer', scale: 1 }
const millionths: SourceColumn = { type: 'integer', scale: 1_000_000 }
const text: SourceColumn = { type: 'text', scale: 1 }
const boolean: SourceColumn = { type: 'boolean', scale: 1 }

/** Every column that a definition may use, by source; integers only where sums are taken, so that sums are exact. */
export const sourceColumns: Readonly<Record<SourceName, Readonly<Record<string, SourceColumn>>>> = {
  purchases: {
    /** Sold, in the store's currency, before refunds; unknown when the whole order is in another currency. */
    amount: millionths,
    items: millionths,
    /** Taken off, over lines whose discount is known. */
    discount: millionths,
    /** Amount plus discount, over the same lines. */
    amount_before_discount: millionths,
    hour: integer,
    /** 1 is Monday. */
    weekday: integer,
    country: text,
    source: text,
  },
  'purchase-days': {
    /** Days since the purchase day before; unknown for the first. */
    gap_days: integer,
  },
  products: {},
  lines: { is_discounted: boolean, is_discount_known: boolean },
  categories: {
    /** A path, its steps parted by ' > '. */
    category: text,
    amount: millionths,
    /** Amount before any discount that is known. */
    list_amount: millionths,
    /** What as many of the category cost on average, before discounts, over all sales known by then. */
    usual_amount: millionths,
  },
  returns: { amount: millionths },
  sessions: { has_cart: boolean, is_abandoned: boolean },
  events: { name: text, call: text },
}

/** @throws RapportError `features.column` when the source has no such column */
export function sourceColumn(source: SourceName, name: string): SourceColumn {
  const column = sourceColumns[source][name]
  if (column) return column
  throw new RapportError(
    'features.column',
    `${source} must be asked for one of its columns (${Object.keys(sourceColumns[source]).join(', ')}), got ${name}`,
  )
}

/** How old a session's last event must be before its cart can count as abandoned: 1 hour. */
export const cartRestMs = 3_600_000

/** A purchase up to this long after the first 'Product Added' of a session means its cart was not abandoned: 24 hours. */
export const cartRescueMs = 86_400_000
