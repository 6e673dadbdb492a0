import { getHeapStatistics } from 'node:v8'
import type { Entity } from './entity.ts'
import { freeze } from './entity-bytes.ts'

/** How many entities are held ready, or in how much memory; the others are bytes, which take about an eighth of it. */
export type WarmLimit = { readonly entities: number } | { readonly bytes: number }

/** A quarter of what the engine may take: what else it does, and what it collects as garbage, needs the rest. */
export const warmLimit = (): WarmLimit => ({ bytes: getHeapStatistics().heap_size_limit / 4 })

/** One in so many is measured as it comes: entities of a store are alike, and measuring each would take longer than using it. */
const measuredOneIn = 16
/** The mean is of about so many of the latest. */
const meanOf = 1000

/** Who is held ready. Who was not touched for the longest while makes room: by a second chance, which costs nothing a touch. */
export class Warm {
  private readonly limit: WarmLimit
  private entities: Entity[] = []
  private hand = 0
  private coming = 0
  private measured = 0
  private meanBytes = 0

  constructor(limit: WarmLimit) {
    this.limit = limit
  }

  get size(): number {
    return this.entities.length
  }

  add(entity: Entity): void {
    this.entities.push(entity)
    this.coming += 1
    if ('bytes' in this.limit && this.coming % measuredOneIn === 0) this.measure()
  }

  /** Not the one that just came, which nothing may have touched yet, but one after another of all. */
  private measure(): void {
    const entity = this.entities[(this.measured * measuredOneIn) % this.entities.length]!
    this.measured += 1
    this.meanBytes += (entity.bytes() - this.meanBytes) / Math.min(this.measured, meanOf)
  }

  private get max(): number {
    return 'entities' in this.limit ? this.limit.entities : Math.floor(this.limit.bytes / Math.max(1, this.meanBytes))
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
    const { max } = this
    // Once around takes everybody's second chance, the second time finds whom to let go.
    for (let steps = 2 * this.entities.length; this.entities.length > max && steps > 0; steps -= 1) {
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
