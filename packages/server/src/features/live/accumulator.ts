import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { FeatureValue } from '../defined/interpret.ts'
import type { Window } from '../defined/plan.ts'
import type { ByteWriter } from './bytes.ts'
import type { FieldValue } from './cells/cell.ts'
import type { Grid } from './grid.ts'

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
   * @param oldest buckets before it can never count again and are let go
   * @param value of the field; of a sequence, which of its patterns the fact meets
   */
  add(bucket: number, oldest: number, fact: Fact, value: FieldValue): Outcome
  /** Over a range of buckets. */
  value(first: number, last: number, asOf: Instant, result: Result): FeatureValue
  /** The first moment after `asOf` at which the value over a window may be another one by time alone. */
  changesAt(grid: Grid, window: Window, asOf: Instant): Instant
  /** Lets a bucket go. */
  forget(bucket: number): void
  /** About. */
  bytes(): number
  save(to: ByteWriter): void
}
