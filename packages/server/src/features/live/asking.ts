import type { Instant } from '../../base/index.ts'
import { Asked } from './asked.ts'
import type { Entity } from './entity.ts'
import type { FactReader } from './fact-reader.ts'

/** An entity's values are asked from the warehouse at most so often, ms. */
const askEveryMs = 1000

/** Entities whose values must be asked from the warehouse. */
export class Asking {
  private readonly stale = new Set<Entity>()

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
    const turn = [...this.stale].filter(({ askedAt }) => askedAt + askEveryMs <= clock).slice(0, atMost)
    const changed: Entity[] = []
    for (const entity of turn) {
      const asked = entity.stores.filter((store): store is Asked => store instanceof Asked)
      const leaves = asked.flatMap((store) => store.leaves)
      // What comes while the answer is awaited makes it stale again.
      this.stale.delete(entity)
      entity.askedAt = clock
      const answer = await reader.leafValues(entity.entity, entity.key, leaves, clock).catch((error: unknown) => {
        this.stale.add(entity)
        throw error
      })
      if (answer.position < position) this.stale.add(entity)
      let isOther = false
      for (const store of asked)
        for (const leaf of store.leaves) {
          const value = answer.values[leaves.indexOf(leaf)] ?? null
          if (value === store.answer(leaf)) continue
          store.set(leaf, value)
          isOther = true
        }
      if (isOther) changed.push(entity)
    }
    return changed
  }
}
