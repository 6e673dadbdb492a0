import type { Instant } from '../../base/index.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { PairEntity } from '../defined/pair-values.ts'
import type { LeafSet } from './touched.ts'

/** What the live copy says of an entity now: what rules of segments and profiles read. */
export interface LiveValues {
  /**
   * The value of a leaf of the plan as of a moment that is not before the latest fact taken in.
   *
   * @param leaf its place in `plan.leaves`
   */
  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue
  /**
   * The first moment after `asOf` at which the leaf's value is another one by the passing of time alone (a bucket leaves or
   * enters its window, a period of the calendar ends, a `never` comes true, what carries a later time happens); Infinity
   * where that never comes. Days since and decayed sums change all the time; of these it is the moment at which they are
   * about other facts (one leaves the window, or one of a later time happens): until then, when they cross a number
   * follows from what they are. A moment at which nothing changes may be said; one must never be left out.
   */
  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant
  /** Products or categories with which a customer has anything remembered; undefined where only customers are known. */
  pairsOf?(customerId: string, entity: PairEntity): readonly EntityKey[]
  /** How often facts, traits or scores were taken in; undefined where `touchedOf` does not know. */
  readonly batches?: number | undefined
  /**
   * Leaves of a customer that the batch which was taken in last may have made another one, now or at a moment to come. Of
   * rebuilding and of time alone it says nothing.
   */
  touchedOf?(customerId: string): LeafSet
}
