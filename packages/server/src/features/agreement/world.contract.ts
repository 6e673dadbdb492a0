import type { FeatureEntity } from '@rapport/protocol'
import type { Fact, ScoreFact, TraitFact } from '../defined/fact.ts'
import { type EntityKey, entityKeyOf, type FactHistory } from '../defined/interpret.ts'
import type { FactSign, RawFact, RawTrait, Step } from './story.contract.ts'

/** What may have befallen an entity's history; `nothing` where all of it came in order and once. */
export const disturbances = [
  ...['nothing', 'late', 'early', 'imported', 'equal moment', 'duplicate'],
  ...['merge', 'unmerge', 'erasure', 'restart'],
] as const
export type Disturbance = (typeof disturbances)[number]

export const entityKinds: readonly FeatureEntity[] = [
  ...(['customer', 'product', 'category', 'customer-product', 'customer-category'] as const),
]

export const idOf = (entity: FeatureEntity, key: EntityKey): string => JSON.stringify([entity, ...key])

/** All that is true after the steps so far: the plainest account of what each of them means. */
export class World {
  readonly timezone: string
  raw: RawFact[] = []
  traits: RawTrait[] = []
  scores: ScoreFact[] = []
  /** Customers that identities belong to, where it is not one of its own name. */
  readonly owners = new Map<string, string>()
  private readonly again = new Set<bigint>()
  private readonly moved: Record<'merge' | 'unmerge', Set<string>> = { merge: new Set(), unmerge: new Set() }
  /** Entities that lost facts. */
  private readonly lost = new Set<string>()
  private hasRestarted = false

  constructor(timezone: string) {
    this.timezone = timezone
  }

  ownerOf(identity: string | null): string | null {
    return identity === null ? null : (this.owners.get(identity) ?? identity)
  }

  factOf({ identity, signs: _, ...fact }: RawFact): Fact {
    return { ...fact, customerId: this.ownerOf(identity) }
  }

  traitOf({ identity, ...trait }: RawTrait): TraitFact {
    return { ...trait, customerId: this.ownerOf(identity)! }
  }

  apply(step: Step): void {
    switch (step.kind) {
      case 'facts':
        this.raw.push(...step.facts)
        return
      case 'again':
        for (const { key } of step.facts) this.again.add(key)
        return
      case 'traits':
        this.traits.push(...step.traits)
        return
      case 'scores':
        this.scores.push(...step.scores)
        return
      case 'merge':
      case 'unmerge':
        for (const [identity, owner] of step.owners) {
          this.moved[step.kind].add(this.ownerOf(identity)!).add(owner)
          this.owners.set(identity, owner)
        }
        return
      case 'erase': {
        const gone = new Set<string | null>(step.identities)
        for (const raw of this.raw) if (gone.has(raw.identity)) for (const id of this.idsOf(raw)) this.lost.add(id)
        for (const identity of step.identities) this.owners.delete(identity)
        this.raw = this.raw.filter(({ identity }) => !gone.has(identity))
        this.traits = this.traits.filter(({ identity }) => !gone.has(identity))
        this.scores = this.scores.filter(({ customerId }) => !gone.has(customerId))
        return
      }
      case 'restart':
        this.hasRestarted = true
        return
      case 'check':
    }
  }

  history(): FactHistory {
    return {
      facts: this.raw.map((raw) => this.factOf(raw)),
      traits: this.traits.map((trait) => this.traitOf(trait)),
      ...{ scores: this.scores, timezone: this.timezone },
    }
  }

  private idsOf(raw: RawFact): readonly string[] {
    const fact = this.factOf(raw)
    return entityKinds.flatMap((entity) => {
      const key = entityKeyOf(entity, fact)
      return key === null ? [] : [idOf(entity, key)]
    })
  }

  /** Every entity that has facts, with what befell it. */
  befallen(): ReadonlyMap<string, ReadonlySet<Disturbance>> {
    const found = new Map<string, Set<Disturbance>>()
    for (const raw of this.raw) {
      const signs: (FactSign | Disturbance)[] = [...raw.signs]
      if (this.again.has(raw.key)) signs.push('duplicate')
      const owner = this.ownerOf(raw.identity)
      if (owner !== null)
        for (const kind of ['merge', 'unmerge'] as const) if (this.moved[kind].has(owner)) signs.push(kind)
      for (const id of this.idsOf(raw)) {
        const held = found.get(id) ?? new Set()
        for (const sign of signs) held.add(sign)
        found.set(id, held)
      }
    }
    for (const [id, held] of found) {
      if (this.lost.has(id)) held.add('erasure')
      if (held.size === 0) held.add('nothing')
      if (this.hasRestarted) held.add('restart')
    }
    return found
  }
}
