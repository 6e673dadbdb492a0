import type { Instant } from '../../base/index.ts'
import { calendarPeriod } from '../../features/defined/calendar.ts'
import type { Fact, ScoreFact, TraitFact } from '../../features/defined/fact.ts'
import {
  type EntityKey,
  type FactHistory,
  type FeatureValue,
  interpretDefined,
} from '../../features/defined/interpret.ts'
import type { Leaf, Plan, Window } from '../../features/defined/plan.ts'
import { isAlwaysChanging } from '../../features/defined/plan-features.ts'
import type { LiveValues } from '../../features/live/live-values.ts'

/** What can become known of customers. */
export interface Known {
  readonly facts: readonly Fact[]
  readonly traits: readonly TraitFact[]
  readonly scores: readonly ScoreFact[]
}

/** The live copy as the reference interpreter has it: everything taken in, read anew at every question. */
export class ReferenceValues implements LiveValues {
  private readonly leaves: readonly Leaf[]
  private readonly single: Plan
  private readonly timezone: string
  private known: Known = { facts: [], traits: [], scores: [] }

  constructor(plan: Plan, timezone: string) {
    this.leaves = plan.leaves
    this.timezone = timezone
    const features = plan.leaves.map(
      (_, leaf) =>
        ({ name: `leaf_${leaf}`, entity: 'customer', type: 'number', tree: { kind: 'leaf', leaf } }) as const,
    )
    this.single = { leaves: plan.leaves, features }
  }

  take({ facts, traits, scores }: Known): void {
    this.known = {
      facts: [...this.known.facts, ...facts],
      traits: [...this.known.traits, ...traits],
      scores: [...this.known.scores, ...scores],
    }
  }

  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue {
    return interpretDefined(this.single, `leaf_${leaf}`, this.historyOf(key), key, asOf)
  }

  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant {
    const planned = this.leaves[leaf]!
    const value = this.leafValue(key, leaf, asOf)
    const moments = this.momentsOf(planned, this.historyOf(key), asOf).filter((at) => at > asOf)
    const sorted = [...new Set(moments)].sort((left, right) => left - right)
    const differs = (at: Instant): boolean => isAlwaysChanging(planned) || this.leafValue(key, leaf, at) !== value
    return sorted.find(differs) ?? Number.POSITIVE_INFINITY
  }

  /** Every moment at which something of a leaf can step. */
  private momentsOf(leaf: Leaf, { facts, traits, scores }: FactHistory, asOf: Instant): readonly Instant[] {
    if (leaf.kind === 'trait') return traits.map(({ knownAt }) => knownAt)
    if (leaf.kind === 'score') return scores.map((fact) => fact.asOf)
    return facts.flatMap(({ at }) => [
      at,
      ...this.edgesOf(leaf.window, at, asOf),
      ...(leaf.kind === 'sequence' ? [at + leaf.withinMs] : []),
    ])
  }

  private edgesOf(window: Window, at: Instant, asOf: Instant): readonly Instant[] {
    if (window.kind === 'rolling') {
      const { grainMs, buckets, skip } = window
      const bucket = Math.floor(at / grainMs)
      return [(bucket + skip) * grainMs, (bucket + skip + buckets) * grainMs]
    }
    if (window.kind !== 'calendar') return []
    // The periods in which it lies that many periods back begin and end where periods do.
    const edges: Instant[] = []
    let from = Math.max(at, asOf)
    for (let ahead = 0; ahead <= window.ago + 1; ahead += 1) {
      const { until } = calendarPeriod(this.timezone, window.unit, 0, from)
      edges.push(until)
      from = until
    }
    return edges
  }

  private historyOf([customer]: EntityKey): FactHistory {
    const own = <Of extends { readonly customerId: string | null }>(list: readonly Of[]): Of[] =>
      list.filter(({ customerId }) => customerId === customer)
    const { facts, traits, scores } = this.known
    return { facts: own(facts), traits: own(traits), scores: own(scores), timezone: this.timezone }
  }
}
