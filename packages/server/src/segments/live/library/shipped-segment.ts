import type { SegmentDefinition } from '../segment-definition.ts'

/** What a segment is about. */
export type SegmentKind = 'behavioural' | 'demographic' | 'psychographic'

/** A segment that every store begins with. */
export interface ShippedSegment extends SegmentDefinition {
  readonly kind: SegmentKind
}

/** What the shipped segments must know of a store. */
export interface LibraryOptions {
  /** Paths of its largest categories, largest first. Default none: no segments of categories. */
  readonly categories?: readonly string[]
  /** Spend in 365 days that counts as big, in the store's currency. Default none: no big spenders. */
  readonly bigSpend?: number
  /** Country that the store sells from, as its customers' traits say it. Default none: no segments of places. */
  readonly homeCountry?: string
  /** Yearly income from which on it counts as high, in the store's currency. Default none: no segments of income. */
  readonly highIncome?: number
}
