import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { type Fact, inOrder } from '../defined/fact.ts'
import { type EntityKey, entityKeyOf, type FactHistory, interpretLeaf } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import type { FactReader, ReadFacts } from './fact-reader.ts'
import { historyOfFacts } from './history/history-of-facts.ts'
import type { History } from './history/read-history.ts'

/** A log in memory, read as the warehouse is: what tests hold the live engine against. */
export class MemoryReader implements FactReader {
  private readonly plan: Plan
  private readonly timezone: string
  private history: Omit<FactHistory, 'timezone'> = { facts: [], traits: [], scores: [] }
  private readonly positions = new Map<Fact, number>()
  /** The log's position that the warehouse has seen. */
  position = -1
  /** Readings of single entities' values. */
  asked = 0

  constructor(plan: Plan, timezone: string) {
    this.plan = plan
    this.timezone = timezone
  }

  /** Everything as it is now; facts that were not there before are of this position. */
  hold(history: Omit<FactHistory, 'timezone'>, position: number): void {
    this.history = { facts: [...history.facts], traits: [...history.traits], scores: [...history.scores] }
    for (const fact of history.facts) if (!this.positions.has(fact)) this.positions.set(fact, position)
    this.position = position
  }

  async read(kind: 'customer' | 'product' | 'category', ids: readonly string[]): Promise<ReadFacts> {
    const isOf = (fact: Fact): boolean => ids.includes(entityKeyOf(kind, fact)?.[0] ?? '')
    const isSaidOf = ({ customerId }: { readonly customerId: string }): boolean =>
      kind === 'customer' && ids.includes(customerId)
    return this.answer(isOf, isSaidOf)
  }

  async readHistory(clock: Instant): Promise<History> {
    return historyOfFacts(this.plan, this.history, { position: this.position, clock })
  }

  async readSince(position: number): Promise<ReadFacts> {
    return this.answer(
      (fact) => this.positions.get(fact)! > position,
      () => true,
    )
  }

  private answer(
    isRead: (fact: Fact) => boolean,
    isSaid: (said: { readonly customerId: string }) => boolean,
  ): ReadFacts {
    const { facts, traits, scores } = this.history
    return {
      position: this.position,
      facts: inChunks(facts.filter(isRead).sort(inOrder)),
      traits: inChunks(traits.filter(isSaid)),
      scores: inChunks(scores.filter(isSaid)),
    }
  }

  async leafValues(_entity: FeatureEntity, keys: readonly EntityKey[], leaves: readonly number[], asOf: Instant) {
    this.asked += 1
    const history = { ...this.history, timezone: this.timezone }
    return {
      position: this.position,
      values: keys.map((key) => leaves.map((leaf) => interpretLeaf(this.plan.leaves[leaf]!, history, key, asOf))),
    }
  }
}

async function* inChunks<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < all.length; at += 7) yield all.slice(at, at + 7)
}
