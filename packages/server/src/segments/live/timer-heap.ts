import type { Instant } from '../../base/index.ts'

/** Children of a place: four, which lie side by side, are fewer steps between distant places than two would take. */
const width = 4

/**
 * When who is due: one moment for each of many, the earliest at hand.
 *
 * Cost: O(log n) to set one, O(1) to see the earliest or where nothing changes; 16 bytes for each.
 */
export class TimerHeap {
  private size = 0
  /** A heap of who, by moment. */
  private heap = new Int32Array(64)
  /** The moments, in the order of the heap. */
  private due = new Float64Array(64)
  /** Where in the heap each is; −1 where it is not due at all. */
  private places = new Int32Array(64).fill(-1)

  private readonly isFirst: (who: number, other: number) => boolean

  /** @param isFirst whether somebody comes before somebody else who is due at the same moment */
  constructor(isFirst: (who: number, other: number) => boolean) {
    this.isFirst = isFirst
  }

  /** The earliest; undefined when nobody is due. */
  get first(): { readonly who: number; readonly at: Instant } | undefined {
    return this.size === 0 ? undefined : { who: this.heap[0]!, at: this.due[0]! }
  }

  /** When somebody is due; Infinity for never. */
  dueAt(who: number): Instant {
    const place = this.places[who] ?? -1
    return place < 0 ? Number.POSITIVE_INFINITY : this.due[place]!
  }

  /** When each of so many is due, by their numbers; a copy. */
  moments(count: number): Float64Array {
    const all = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    for (let place = 0; place < this.size; place += 1) {
      const who = this.heap[place]!
      if (who < count) all[who] = this.due[place]!
    }
    return all
  }

  /**
   * Where nobody is due yet: the moments of many, by their numbers; null for never.
   *
   * Cost: O(n), where setting one after another is O(n log n)
   */
  setAll(moments: readonly (Instant | null)[]): void {
    if (moments.length > this.places.length) this.grow(moments.length)
    moments.forEach((at, who) => {
      if (at === null) return
      this.put(this.size, who, at)
      this.size += 1
    })
    for (let place = Math.floor((this.size - 2) / width); place >= 0; place -= 1)
      this.sink(place, this.heap[place]!, this.due[place]!)
  }

  /** Puts a moment in place of the one before; Infinity takes it away. */
  set(who: number, at: Instant): void {
    if (who >= this.places.length) this.grow(who + 1)
    const place = this.places[who]!
    if (at === Number.POSITIVE_INFINITY) {
      if (place >= 0) this.remove(place)
    } else if (place < 0) {
      this.size += 1
      this.settle(this.size - 1, who, at)
    } else if (this.due[place] !== at) this.settle(place, who, at)
  }

  private remove(place: number): void {
    this.places[this.heap[place]!] = -1
    this.size -= 1
    if (place < this.size) this.settle(place, this.heap[this.size]!, this.due[this.size]!)
  }

  /** Somebody is to be at this place or, where others must come before or after, above or below it. */
  private settle(from: number, who: number, at: Instant): void {
    let place = from
    while (place > 0) {
      const parent = Math.floor((place - 1) / width)
      if (!this.isBefore(who, at, parent)) break
      this.put(place, this.heap[parent]!, this.due[parent]!)
      place = parent
    }
    this.sink(place, who, at)
  }

  private sink(from: number, who: number, at: Instant): void {
    let place = from
    for (;;) {
      const begin = width * place + 1
      if (begin >= this.size) break
      const end = Math.min(begin + width, this.size)
      let least = begin
      for (let child = begin + 1; child < end; child += 1)
        if (this.isBefore(this.heap[child]!, this.due[child]!, least)) least = child
      if (this.isBefore(who, at, least)) break
      this.put(place, this.heap[least]!, this.due[least]!)
      place = least
    }
    this.put(place, who, at)
  }

  private isBefore(who: number, at: Instant, place: number): boolean {
    const other = this.due[place]!
    return at < other || (at === other && this.isFirst(who, this.heap[place]!))
  }

  private put(place: number, who: number, at: Instant): void {
    this.heap[place] = who
    this.due[place] = at
    this.places[who] = place
  }

  private grow(need: number): void {
    const length = Math.max(need, 2 * this.places.length)
    const copy = <Kind extends Int32Array | Float64Array>(old: Kind, fresh: Kind): Kind => {
      fresh.set(old)
      return fresh
    }
    this.heap = copy(this.heap, new Int32Array(length))
    this.due = copy(this.due, new Float64Array(length))
    this.places = copy(this.places, new Int32Array(length).fill(-1))
  }
}
