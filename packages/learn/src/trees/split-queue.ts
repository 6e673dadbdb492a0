/**
 * Leaves that could still be split, the one with the highest gain first.
 *
 * A binary heap that moves items exactly as Python's `heapq` does, because where gains are equal the moves decide who
 * comes first, and with it which leaves are split before there are enough of them.
 */
export class SplitQueue<T> {
  readonly #items: { readonly item: T; readonly gain: number }[] = []

  get length(): number {
    return this.#items.length
  }

  push(item: T, gain: number): void {
    this.#items.push({ item, gain })
    this.#rise(this.#items.length - 1)
  }

  pop(): T | undefined {
    const last = this.#items.pop()
    const first = this.#items[0]
    if (!last || !first) return last?.item
    this.#items[0] = last
    this.#rise(this.#sink())
    return first.item
  }

  /** Takes everything out, in no particular order. */
  drain(): T[] {
    return this.#items.splice(0).map(({ item }) => item)
  }

  /** Moves the better child up until the first item's hole is at the bottom, and puts it there. */
  #sink(): number {
    const items = this.#items
    const moved = items[0]!
    let hole = 0
    for (let child = 1; child < items.length; child = 2 * hole + 1) {
      const other = child + 1
      const better = other < items.length && !(items[child]!.gain > items[other]!.gain) ? other : child
      items[hole] = items[better]!
      hole = better
    }
    items[hole] = moved
    return hole
  }

  #rise(from: number): void {
    const items = this.#items
    const moved = items[from]!
    let place = from
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!(moved.gain > items[parent]!.gain)) break
      items[place] = items[parent]!
      place = parent
    }
    items[place] = moved
  }
}
