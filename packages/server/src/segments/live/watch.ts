import type { Instant } from '../../base/index.ts'
import type { LiveValues } from '../../features/index.ts'
import type { Evaluation } from './evaluation.ts'

/** Something that time alone can change of segments, and the leaves that it rests on, by their places. */
export interface Watch {
  readonly leaves: readonly number[]
  /**
   * The first moment after that of an evaluation at which it can be another by the passing of time alone, as long as the
   * other watches of its leaves see nothing; Infinity where that never comes. It may be too early, never too late.
   */
  readonly next: (evaluation: Evaluation, values: LiveValues) => Instant
  /** The same of some of its leaves, where each changes apart from the others; undefined where they are looked at as one. */
  readonly only?: (leaves: readonly number[]) => Watch
}

/** Of leaves that change in steps: each with the moment that values say. */
export const steps = (leaves: readonly number[]): Watch => ({
  leaves,
  next: (evaluation, values) => stepOf(leaves, evaluation, values),
  only: steps,
})

/** When any of the leaves next changes in a step. */
export function stepOf(leaves: readonly number[], { key, asOf }: Evaluation, values: LiveValues): Instant {
  let first = Number.POSITIVE_INFINITY
  for (const leaf of leaves) {
    const at = values.leafChangesAt(key, leaf, asOf)
    if (at < first) first = at
  }
  return first
}
