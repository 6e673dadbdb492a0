import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { History } from './history/read-history.ts'

/** Facts as the warehouse has them. */
export interface ReadFacts {
  /** Up to this position of the log everything is among them, and nothing of what comes after it. */
  readonly position: number
  /** Each customer's, product's or category's in order of moment and key. */
  readonly facts: AsyncIterable<readonly Fact[]>
  readonly traits: AsyncIterable<readonly TraitFact[]>
  readonly scores: AsyncIterable<readonly ScoreFact[]>
}

/** Where the live engine reads what it does not remember. */
export interface FactReader {
  /** Of some customers, products or categories (of a product the facts only). */
  read(kind: 'customer' | 'product' | 'category', ids: readonly string[]): Promise<ReadFacts>
  /** Everything. @param clock up to when facts are known; later ones are told apart */
  readHistory(clock: Instant): Promise<History>
  /** What the log has after a position. */
  readSince(position: number): Promise<ReadFacts>
  /**
   * Values of some leaves of entities of one kind, as of a moment.
   *
   * @param leaves of this kind of entity, by their places in the plan
   * @returns for each key in their order, in the order of the leaves, with the position of the log that they are true to
   */
  leafValues(
    entity: FeatureEntity,
    keys: readonly EntityKey[],
    leaves: readonly number[],
    asOf: Instant,
  ): Promise<{ readonly position: number; readonly values: readonly (readonly FeatureValue[])[] }>
}
