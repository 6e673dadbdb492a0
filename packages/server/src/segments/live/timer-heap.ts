import type { Instant } from '../../base/index.ts'

/**
 * When who is due: one moment for each of many, the earliest at hand.
 *
 * Cost: O(log n) to set one, O(1) to see the earliest; 20 bytes for each.
 */
export class TimerHeap {
  private size = 0
  /** A binary heap of who, by moment. */
  private heap = new Int32Array(64)
  /** Where in the heap each is; −1 where it is not due at all. */
  private places = new Int32Array(64).fill(-1)
  private due = new Float64Array(64).fill(Number.POSITIVE_INFINITY)

  private readonly isFirst: (who: number, other: number) => boolean

  /** @param isFirst whether somebody comes before somebody else who is due at the same moment */
  constructor(isFirst: (who: number, other: number) => boolean) {
    this.isFirst = isFirst
  }

  /** The earliest; undefined when nobody is due. */
  get first(): { readonly who: number; readonly at: Instant } | undefined {
    return this.size === 0 ? undefined : { who: this.heap[0]!, at: this.due[this.heap[0]!]! }
  }

  /** When somebody is due; Infinity for never. */
  dueAt(who: number): Instant {
    return this.due[who] ?? Number.POSITIVE_INFINITY
  }

  /** When each of so many is due, by their numbers; a copy. */
  moments(count: number): Float64Array {
    const all = new Float64Array(count).fill(Number.POSITIVE_INFINITY)
    all.set(this.due.subarray(0, count))
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
      this.due[who] = at
      this.put(this.size, who)
      this.size += 1
    })
    for (let place = (this.size >> 1) - 1; place >= 0; place -= 1) this.sink(place)
  }

  /** Puts a moment in place of the one before; Infinity takes it away. */
  set(who: number, at: Instant): void {
    if (who >= this.places.length) this.grow(who + 1)
    this.due[who] = at
    const place = this.places[who]!
    if (at === Number.POSITIVE_INFINITY) {
      if (place >= 0) this.remove(place)
    } else if (place >= 0) this.settle(place)
    else {
      this.put(this.size, who)
      this.size += 1
      this.settle(this.size - 1)
    }
  }

  private remove(place: number): void {
    this.places[this.heap[place]!] = -1
    this.size -= 1
    if (place === this.size) return
    this.put(place, this.heap[this.size]!)
    this.settle(place)
  }

  private settle(from: number): void {
    const who = this.heap[from]!
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.isBefore(who, this.heap[parent]!)) break
      this.put(place, this.heap[parent]!)
      place = parent
    }
    this.put(place, who)
    this.sink(place)
  }

  private sink(from: number): void {
    const who = this.heap[from]!
    let place = from
    for (;;) {
      let child = 2 * place + 1
      if (child >= this.size) break
      if (child + 1 < this.size && this.isBefore(this.heap[child + 1]!, this.heap[child]!)) child += 1
      if (!this.isBefore(this.heap[child]!, who)) break
      this.put(place, this.heap[child]!)
      place = child
    }
    this.put(place, who)
  }

  private isBefore(left: number, right: number): boolean {
    const [one, other] = [this.due[left]!, this.due[right]!]
    return one < other || (one === other && this.isFirst(left, right))
  }

  private put(place: number, who: number): void {
    this.heap[place] = who
    this.places[who] = place
  }

  private grow(need: number): void {
    const length = Math.max(need, 2 * this.places.length)
    const copy = <Kind extends Int32Array | Float64Array>(old: Kind, fresh: Kind): Kind => {
      fresh.set(old)
      return fresh
    }
    this.heap = copy(this.heap, new Int32Array(length))
    this.places = copy(this.places, new Int32Array(length).fill(-1))
    this.due = copy(this.due, new Float64Array(length).fill(Number.POSITIVE_INFINITY))
  }
}
