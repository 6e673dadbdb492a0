import { MemberBits } from './member-bits.ts'

/** Segments that are new or mean something else, and the customers who were not yet looked at for them. */
export class Backfill {
  /** By their places among the compiled ones. */
  readonly segments: ReadonlySet<number>
  private readonly todo = new MemberBits()
  private cursor = 0
  private customers = 0

  /** @param slots everybody's numbers, ascending */
  constructor(segments: Iterable<number>, slots: Iterable<number>) {
    this.segments = new Set(segments)
    for (const slot of slots) this.add(slot)
  }

  add(slot: number): void {
    this.todo.set(slot, true)
    this.customers += 1
    this.cursor = Math.min(this.cursor, slot)
  }

  get left(): number {
    return this.segments.size === 0 ? 0 : this.todo.size
  }

  get total(): number {
    return this.customers
  }

  isWaiting(slot: number): boolean {
    return this.left > 0 && this.todo.has(slot)
  }

  done(slot: number): void {
    this.todo.set(slot, false)
  }

  /** The next who waits; undefined when nobody does. */
  next(): number | undefined {
    if (this.left === 0) return undefined
    while (!this.todo.has(this.cursor)) this.cursor += 1
    return this.cursor
  }
}
