import type { Instant } from '../../base/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'

/** A fact as it came in: whose it is follows from the identity that it came with. */
export interface RawFact extends Omit<Fact, 'customerId'> {
  /** A user id, or `anonymous:` and a browser's; null where nobody is known. */
  readonly identity: string | null
  /** What it is an example of. */
  readonly signs: readonly FactSign[]
}

export type FactSign = 'late' | 'early' | 'imported' | 'equal moment' | 'duplicate'

/** A trait as it came in. */
export interface RawTrait extends Omit<TraitFact, 'customerId'> {
  readonly identity: string
}

/** What happens to a store, in order. */
export type Step =
  | { readonly kind: 'facts'; readonly now: Instant; readonly facts: readonly RawFact[] }
  /** Facts that came before come once more. */
  | { readonly kind: 'again'; readonly now: Instant; readonly facts: readonly RawFact[] }
  | { readonly kind: 'traits'; readonly now: Instant; readonly traits: readonly RawTrait[] }
  | { readonly kind: 'scores'; readonly now: Instant; readonly scores: readonly ScoreFact[] }
  /** From now on these identities belong to these customers. */
  | { readonly kind: 'merge' | 'unmerge'; readonly now: Instant; readonly owners: ReadonlyMap<string, string> }
  /** A customer's data is removed. */
  | { readonly kind: 'erase'; readonly now: Instant; readonly identities: readonly string[] }
  | { readonly kind: 'restart'; readonly now: Instant }
  | { readonly kind: 'check'; readonly now: Instant }

export interface Story {
  readonly timezone: string
  readonly steps: readonly Step[]
}
