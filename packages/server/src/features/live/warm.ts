import type { Entity } from './entity.ts'
import { freeze } from './entity-bytes.ts'

/** As many entities are held ready by default; the others as bytes, in about an eighth of the memory. */
export const warmMax = 100_000

/** Who is held ready. Who was not touched for the longest while makes room: by a second chance, which costs nothing a touch. */
export class Warm {
  private readonly max: number
  private entities: Entity[] = []
  private hand = 0

  constructor(max: number) {
    this.max = max
  }

  add(entity: Entity): void {
    this.entities.push(entity)
  }

  clear(): void {
    this.entities = []
    this.hand = 0
  }

  /**
   * Not to be called while anybody works with an entity: what it remembers is read anew when it is next asked for.
   *
   * @returns whether anybody was let go
   */
  cool(): boolean {
    const before = this.entities.length
    // Once around takes everybody's second chance, the second time finds whom to let go.
    for (let steps = 2 * this.entities.length; this.entities.length > this.max && steps > 0; steps -= 1) {
      if (this.hand >= this.entities.length) this.hand = 0
      const entity = this.entities[this.hand]!
      // Answers of the warehouse are put into who asked, whenever they come.
      if (entity.isRecent || entity.isAsked) {
        entity.isRecent = false
        this.hand += 1
        continue
      }
      freeze(entity)
      this.entities[this.hand] = this.entities.at(-1)!
      this.entities.pop()
    }
    return this.entities.length < before
  }
}
