import type { Instant } from '../../base/index.ts'

/** Something that is to be looked at again at a moment. */
export interface Timed {
  /** Set by the timers that hold it only; Infinity where it waits for nothing. */
  dueAt: Instant
}

/**
 * What comes due next, without looking at what does not: a binary heap of moments. Setting a moment and taking one off cost
 * O(log n); a moment that was moved leaves its old entry behind, which is skipped when it comes up.
 */
export class Timers<T extends Timed> {
  private moments: number[] = []
  private items: T[] = []
  private stale = 0

  /** Entries, those left behind included: at most twice as many as items that wait, and 1,024. */
  get size(): number {
    return this.moments.length
  }

  /** The next moment that anything is due at, or was before it was moved; Infinity where nothing waits. */
  get next(): Instant {
    return this.moments[0] ?? Infinity
  }

  set(item: T, dueAt: Instant): void {
    if (item.dueAt === dueAt) return
    if (item.dueAt !== Infinity) this.stale += 1
    item.dueAt = dueAt
    if (dueAt !== Infinity) this.push(dueAt, item)
    if (this.stale > 1024 && this.stale * 2 > this.moments.length) this.sweep()
  }

  /** An item that is due by then, which waits for nothing any more; undefined where none is. */
  take(by: Instant): T | undefined {
    while (this.moments.length > 0 && this.moments[0]! <= by) {
      const [moment, item] = this.pop()
      if (item.dueAt === moment) {
        item.dueAt = Infinity
        return item
      }
      this.stale -= 1
    }
    return undefined
  }

  private push(moment: Instant, item: T): void {
    const { moments, items } = this
    let place = moments.length
    moments.push(moment)
    items.push(item)
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (moments[parent]! <= moment) break
      moments[place] = moments[parent]!
      items[place] = items[parent]!
      place = parent
    }
    moments[place] = moment
    items[place] = item
  }

  private pop(): [Instant, T] {
    const { moments, items } = this
    const top: [Instant, T] = [moments[0]!, items[0]!]
    const [moment, item] = [moments.pop()!, items.pop()!]
    const n = moments.length
    if (n === 0) return top
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= n) break
      if (child + 1 < n && moments[child + 1]! < moments[child]!) child += 1
      if (moments[child]! >= moment) break
      moments[place] = moments[child]!
      items[place] = items[child]!
      place = child
    }
    moments[place] = moment
    items[place] = item
    return top
  }

  /** Throws out what was left behind. An item that was moved away and back has two entries: one of them stays. */
  private sweep(): void {
    const seen = new Set<T>()
    const waiting = this.items.filter((item, place) => {
      if (item.dueAt !== this.moments[place] || seen.has(item)) return false
      seen.add(item)
      return true
    })
    this.moments = []
    this.items = []
    this.stale = 0
    for (const item of waiting) this.push(item.dueAt, item)
  }
}
