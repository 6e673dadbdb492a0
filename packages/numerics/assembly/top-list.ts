/**
 * Lists of the `k` best items seen so far: item numbers at `items` and their scores at `scores`, a heap with the worst on
 * top. Better is a higher score, or the same score and a lower number: a total order, so the order of offers never shows.
 */

/** Puts an item into a list of `size` entries when it is among the best `k`, and returns the list's new size. */
export function offerToList(items: usize, scores: usize, size: i32, k: i32, item: i32, score: f64): i32 {
  if (size < k) {
    let at = size
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isWorse(score, item, scoreAt(scores, parent), itemAt(items, parent))) break
      put(items, scores, at, itemAt(items, parent), scoreAt(scores, parent))
      at = parent
    }
    put(items, scores, at, item, score)
    return size + 1
  }
  if (isWorse(scoreAt(scores, 0), itemAt(items, 0), score, item)) sink(items, scores, size, 0, item, score, false)
  return size
}

/** Puts a list in order: best first, or by rising item number. It takes no more offers. */
export function sortList(items: usize, scores: usize, size: i32, isByItem: bool): void {
  if (isByItem) {
    for (let at = (size >> 1) - 1; at >= 0; at -= 1) {
      sink(items, scores, size, at, itemAt(items, at), scoreAt(scores, at), true)
    }
  }
  for (let last = size - 1; last > 0; last -= 1) {
    const item = itemAt(items, last)
    const score = scoreAt(scores, last)
    put(items, scores, last, itemAt(items, 0), scoreAt(scores, 0))
    sink(items, scores, last, 0, item, score, isByItem)
  }
}

export function scoreAt(scores: usize, at: i32): f64 {
  return load<f64>(scores + ((<usize>at) << 3))
}

function itemAt(items: usize, at: i32): i32 {
  return load<i32>(items + ((<usize>at) << 2))
}

function put(items: usize, scores: usize, at: i32, item: i32, score: f64): void {
  store<i32>(items + ((<usize>at) << 2), item)
  store<f64>(scores + ((<usize>at) << 3), score)
}

function isWorse(score: f64, item: i32, otherScore: f64, otherItem: i32): bool {
  return score < otherScore || (score === otherScore && item > otherItem)
}

/** Whether an entry belongs nearer to the heap's top, which is what a sorted list ends with. */
function isAbove(isByItem: bool, score: f64, item: i32, otherScore: f64, otherItem: i32): bool {
  return isByItem ? item > otherItem : isWorse(score, item, otherScore, otherItem)
}

/** Puts an entry where it belongs in the heap below place `from`, whose own entry goes. */
function sink(items: usize, scores: usize, size: i32, from: i32, item: i32, score: f64, isByItem: bool): void {
  let at = from
  while (true) {
    let child = 2 * at + 1
    if (child >= size) break
    const right = child + 1
    if (
      right < size &&
      isAbove(isByItem, scoreAt(scores, right), itemAt(items, right), scoreAt(scores, child), itemAt(items, child))
    ) {
      child = right
    }
    if (!isAbove(isByItem, scoreAt(scores, child), itemAt(items, child), score, item)) break
    put(items, scores, at, itemAt(items, child), scoreAt(scores, child))
    at = child
  }
  put(items, scores, at, item, score)
}
