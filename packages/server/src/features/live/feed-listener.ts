import type { LiveFeatures } from './live-features.ts'

/** Why features of customers are others. */
export type FeedCause = 'event' | 'identity' | 'consent' | 'erasure'

/** Who goes by the live features: segments. */
export interface FeedListener {
  /** @param apply brings into the features what became known of these customers; to be called once */
  take(customerIds: readonly string[], apply: () => void, because: FeedCause): void
  /** Whether it must be told that there is a customer of whom no feature remembers anything. */
  isNew(customerId: string): boolean
  /**
   * Customers who were joined or parted, or agreed to something else: what is remembered of them is made anew by now.
   *
   * @param unchanged who was given ids of whom nothing is remembered, and is as before but for these ids
   */
  settled(customerIds: readonly string[], unchanged: readonly string[]): Promise<void>
  /** Customers who are none any more, or may not be profiled. */
  remove(customerIds: readonly string[], because: FeedCause): void
  /**
   * All of history was taken in anew, or the rest of it after a snapshot. What comes until it resolves is told by `take` as
   * always, of these features.
   *
   * @param changed customers who may be others than in the snapshot; without one everybody
   */
  rebuilt(features: LiveFeatures, changed: readonly string[]): Promise<void>
}
