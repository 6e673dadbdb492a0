/**
 * Many lists of the `k` best items seen so far, each a heap with its worst item on top.
 *
 * Better means a higher score, or the same score and a lower item index; that is a total order, so what is kept does not
 * depend on the order in which items are offered.
 */
export interface TopLists {
  readonly k: number
  /** `[lists × k]`; the first `sizes[list]` places of a list are in use. */
  readonly items: Int32Array
  /** `[lists × k]` */
  readonly scores: Float64Array
  /** `[lists]`, each 0 … k */
  readonly sizes: Int32Array
}

/** Empty lists. Memory: 12 bytes × lists × k. */
export function emptyTopLists(lists: number, k: number): TopLists {
  return {
    k,
    items: new Int32Array(lists * k),
    scores: new Float64Array(lists * k),
    sizes: new Int32Array(lists),
  }
}

/** Puts `item` into `list` when it is among its best `k`. Cost: O(1) when it is not, O(log k) when it is. */
export function offerItem(top: TopLists, list: number, item: number, score: number): void {
  const { k, items, scores } = top
  const base = list * k
  const size = top.sizes[list]!
  if (size < k) {
    top.sizes[list] = size + 1
    items[base + size] = item
    scores[base + size] = score
    rise(top, base, size)
    return
  }
  const worst = scores[base]!
  if (score < worst || (score === worst && item > items[base]!)) return
  items[base] = item
  scores[base] = score
  sink(top, base, k)
}

/** Puts `list` in order, best first. The list takes no more offers until it is emptied. */
export function sortTopList(top: TopLists, list: number): void {
  const base = list * top.k
  for (let last = top.sizes[list]! - 1; last > 0; last -= 1) {
    swap(top, base, base + last)
    sink(top, base, last)
  }
}

const isWorse = ({ items, scores }: TopLists, one: number, other: number): boolean =>
  scores[one]! < scores[other]! || (scores[one]! === scores[other]! && items[one]! > items[other]!)

function rise(top: TopLists, base: number, from: number): void {
  let at = from
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isWorse(top, base + at, base + parent)) return
    swap(top, base + at, base + parent)
    at = parent
  }
}

function sink(top: TopLists, base: number, size: number): void {
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    if (left >= size) return
    const right = left + 1
    const child = right < size && isWorse(top, base + right, base + left) ? right : left
    if (!isWorse(top, base + child, base + at)) return
    swap(top, base + child, base + at)
    at = child
  }
}

function swap({ items, scores }: TopLists, one: number, other: number): void {
  const item = items[one]!
  const score = scores[one]!
  items[one] = items[other]!
  scores[one] = scores[other]!
  items[other] = item
  scores[other] = score
}
