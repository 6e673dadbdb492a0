import type { Instant } from '../../base/index.ts'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import type { EntityKey, FeatureValue } from '../defined/interpret.ts'
import type { Plan } from '../defined/plan.ts'
import { Entities } from './entities.ts'
import type { Entity, LiveEntity } from './entity.ts'
import { Folding } from './folding.ts'
import type { LiveValues } from './live-values.ts'
import { type PlannedStores, planStores } from './plan-stores.ts'
import { RecentKeys } from './recent-keys.ts'
import { Timers } from './timers.ts'

/** Facts as the log has them, with the log's position after them. */
export interface Batch {
  readonly facts: readonly Fact[]
  readonly position: number
}

/**
 * The features of a plan, true now: each fact updates what is remembered of its entities, and values are read from that.
 *
 * Time does not run back here, though the system's clock may: `clock` is the latest moment that it was told of, and what is
 * asked as of an earlier one is answered as of the clock.
 */
export class LiveFeatures implements LiveValues {
  private readonly planned: PlannedStores
  private readonly entities = new Entities()
  private readonly timers = new Timers<Entity>()
  private readonly keys = new RecentKeys()
  private readonly folding: Folding
  private readonly rebuilds = new Set<Entity>()
  private through = -1

  constructor(plan: Plan, timezone: string) {
    this.planned = planStores(plan, timezone)
    this.folding = new Folding(this.planned, this.entities, this.timers, {
      late: (entity) => this.rebuilds.add(entity),
      full: () => {},
    })
  }

  get clock(): Instant {
    return this.folding.clock
  }

  /** The log's position up to which facts were taken; −1 where none were. */
  get position(): number {
    return this.through
  }

  /**
   * Takes facts in: those of a position that was taken before are refused, and so is a key that was.
   *
   * @param now not before the facts were received
   * @returns whose values are others now
   */
  take({ facts, position }: Batch, now: Instant): readonly LiveEntity[] {
    if (position <= this.through) return []
    this.through = position
    this.folding.advance(now)
    const batch = this.folding.begin()
    for (const fact of facts) if (this.keys.add(fact)) this.folding.take(fact)
    return batch
  }

  setTraits(traits: readonly TraitFact[], now: Instant): readonly LiveEntity[] {
    this.folding.advance(now)
    const batch = this.folding.begin()
    for (const trait of traits) this.folding.setTrait(trait)
    return batch
  }

  setScores(scores: readonly ScoreFact[], now: Instant): readonly LiveEntity[] {
    this.folding.advance(now)
    const batch = this.folding.begin()
    for (const score of scores) this.folding.setScore(score)
    return batch
  }

  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue {
    this.folding.advance(asOf)
    const planned = this.planned.leaves[leaf]!
    const entity = this.entities.get(planned.entity, key)
    if (entity !== undefined) return entity.value(planned, this.clock)
    return planned.kind === 'store' ? planned.empty : null
  }

  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant {
    this.folding.advance(asOf)
    const planned = this.planned.leaves[leaf]!
    return this.entities.get(planned.entity, key)?.changesAt(planned, this.clock) ?? Infinity
  }

  /** The next moment at which `due` may have something; Infinity where time alone changes nothing. */
  get nextDue(): Instant {
    return this.timers.next
  }

  /**
   * Whose values time has changed, or may have, up to now; each is told once.
   *
   * @param atMost as many, so that a midnight does not hold up the rest; ask again until there are none
   */
  due(now: Instant, atMost = 1000): readonly LiveEntity[] {
    this.folding.advance(now)
    const due: Entity[] = []
    while (due.length < atMost) {
      const entity = this.timers.take(this.clock)
      if (entity === undefined) break
      due.push(entity)
    }
    for (const entity of due) this.folding.setTimer(entity)
    return due
  }

  /** Bytes of all entities, about; looks at each. */
  bytes(): number {
    let sum = 0
    for (const entity of this.entities) sum += entity.bytes()
    return sum
  }

  /** Entities that something is remembered of. */
  get size(): number {
    return this.entities.size
  }
}
