import type { FeatureEntity } from '@rapport/protocol'
import type { Instant } from '../../base/index.ts'
import { Asked } from './asked.ts'
import type { Entity } from './entity.ts'
import type { FactReader } from './fact-reader.ts'

/** An entity's values are asked from the warehouse at most so often, ms. */
const askEveryMs = 1000

/** Of the time, at most this share is spent on asking: a bot's history is long, and others need the warehouse too. */
const askedShare = 0.1
/** However long it took, it is asked again after this, ms. */
const restMaxMs = 30_000

const askedOf = ({ stores }: Entity): readonly Asked[] =>
  stores.filter((store): store is Asked => store instanceof Asked)

/** Entities whose values must be asked from the warehouse. */
export class Asking {
  private readonly stale = new Set<Entity>()
  private restUntil: Instant = -Infinity

  get size(): number {
    return this.stale.size
  }

  add(entity: Entity): void {
    this.stale.add(entity)
  }

  forget(entity: Entity): void {
    this.stale.delete(entity)
  }

  /**
   * @param position of the log that the answers must be true to
   * @returns whose values are others now
   */
  async ask(reader: FactReader, position: number, clock: Instant, atMost: number): Promise<readonly Entity[]> {
    if (clock < this.restUntil) return []
    const turn = [...this.stale].filter(({ askedAt }) => askedAt + askEveryMs <= clock).slice(0, atMost)
    const byKind = new Map<FeatureEntity, Entity[]>()
    for (const entity of turn) byKind.set(entity.entity, [...(byKind.get(entity.entity) ?? []), entity])
    const began = performance.now()
    const changed: Entity[] = []
    for (const [kind, entities] of byKind) changed.push(...(await this.askOf(kind, entities, reader, position, clock)))
    if (turn.length > 0) this.restUntil = clock + Math.min((performance.now() - began) / askedShare, restMaxMs)
    return changed
  }

  private async askOf(
    kind: FeatureEntity,
    entities: readonly Entity[],
    reader: FactReader,
    position: number,
    clock: Instant,
  ): Promise<readonly Entity[]> {
    const leaves = [...new Set(entities.flatMap((entity) => askedOf(entity).flatMap((store) => store.leaves)))]
    for (const entity of entities) {
      // What comes while the answer is awaited makes it stale again.
      this.stale.delete(entity)
      entity.askedAt = clock
    }
    const keys = entities.map(({ key }) => key)
    const answer = await reader.leafValues(kind, keys, leaves, clock).catch((error: unknown) => {
      for (const entity of entities) this.stale.add(entity)
      throw error
    })
    if (answer.position < position) for (const entity of entities) this.stale.add(entity)
    return entities.filter((entity, place) => {
      let isOther = false
      for (const store of askedOf(entity))
        for (const leaf of store.leaves) {
          const value = answer.values[place]![leaves.indexOf(leaf)] ?? null
          if (value === store.answer(leaf)) continue
          store.set(leaf, value)
          isOther = true
        }
      return isOther
    })
  }
}
