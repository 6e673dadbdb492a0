import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { ByteWriter } from './bytes.ts'
import type { FieldValue } from './cells/cell.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/**
 * - `folded`: the fact is in
 * - `late`: it comes too late for what is still remembered; the entity must be rebuilt from its facts
 * - `full`: the bound of memory is passed; the value must be asked from the warehouse from now on
 */
export type Outcome = 'folded' | 'late' | 'full'

/** What a cell says of a window. @param cell undefined where no fact counts */
export type Result = (cell: never, asOf: Instant) => FeatureValue

/** What one entity's facts come to, for the leaves that share it. */
export interface Accumulator {
  /**
   * @param store which of those that share it the fact is for
   * @param oldest buckets before it can never count again and are let go
   * @param value of the field; of a sequence, which of its patterns the fact meets
   */
  add(store: Store, bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome
  /** Over a range of buckets. */
  value(leaf: StoreLeaf, first: number, last: number, asOf: Instant): FeatureValue
  /** The first moment after `asOf` at which the value of a leaf may be another one by time alone. */
  changesAt(leaf: StoreLeaf, asOf: Instant): Instant
  /** Lets a bucket go. */
  forget(bucket: number): void
  /** About. */
  bytes(): number
  save(to: ByteWriter): void
}
