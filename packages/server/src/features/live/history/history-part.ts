/** Whose facts are read together, and taken in as one. */
export type OwnerKind = 'customer' | 'product' | 'category'

/** What a row of a part is: facts of the log, and what was said of a customer. */
export const rowKinds = { event: 0, line: 1, trait: 2, score: 3 } as const

/**
 * All that is known of some owners up to now, in the order of owner, moment and key: plain data, which goes to another
 * thread as it is. Columns of numbers: `kind` (see `rowKinds`), `occurred_at` and `received_at` (ms), `key_0` … `key_3` (32
 * bits each, the lowest first), `score`; of texts: `owner`, `customer_id`, `name`, `call`, `trait`; and fields, as `partField`
 * calls them.
 *
 * Texts are one after another in UTF-8, those of a row in the order of the columns: nobody makes a JavaScript text of one
 * until a thread needs it. Their lengths are in bytes; NaN where a text is missing.
 */
export interface HistoryPart {
  readonly of: OwnerKind
  readonly rows: number
  readonly numbers: ReadonlyMap<string, Float64Array<ArrayBuffer>>
  readonly lengths: ReadonlyMap<string, Float64Array<ArrayBuffer>>
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What a field of facts of a kind is called in a part. */
export const partField = (kind: 'event' | 'line', field: string): string => `${kind} ${field}`
