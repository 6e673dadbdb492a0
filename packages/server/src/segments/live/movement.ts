import type { Instant } from '../../base/index.ts'
import type { FeatureValue } from '../../features/index.ts'

/** Somebody came into a segment, or left it. */
export interface Movement {
  readonly segment: string
  /** Of the segment's definition. */
  readonly version: number
  /** 1, 2, 3 … of the segment: the same movement has the same number, whatever was restarted in between. */
  readonly sequence: number
  readonly customer: string
  readonly at: Instant
  readonly isEntry: boolean
  readonly reason: MovementReason
}

export interface MovementReason {
  readonly because: Cause
  /** The parts of the rule that decide it, with what they saw; empty of a list, and where the segment is no more. */
  readonly clauses: readonly DecidingClause[]
}

/**
 * - `event`: something became known of the customer
 * - `time`: nothing but time passed
 * - `definition`: the segment is new or means something else
 * - `list`: somebody changed a list
 * - `identity`: customers were merged, or parted again
 * - `consent`: the customer may no longer be profiled, or again
 * - `erasure`: the customer is no more
 */
export type Cause = 'event' | 'time' | 'definition' | 'list' | 'identity' | 'consent' | 'erasure'

export interface DecidingClause {
  /** To it in the definition of its segment: `/rule/all/0`. */
  readonly pointer: string
  readonly words: string
  readonly holds: boolean
  readonly value: FeatureValue
}
