import type { TwinMemory } from './twin.ts'

/** One entry of a list of the best items. */
export interface Listed {
  readonly item: number
  readonly score: number
}

/**
 * Keeps the best `k` of the entries and writes them: higher scores first and lower numbers first where equal, or by rising
 * number. What assembly/top-list.ts does with a heap, in the plainest way.
 *
 * @param items place of the list's first item in `int32`, `scores` that of its first score in `float64`
 * @returns entries written
 */
export function writeBest(
  { int32, float64 }: TwinMemory,
  entries: Listed[],
  k: number,
  items: number,
  scores: number,
  isByItem: boolean,
): number {
  entries.sort((one, other) => other.score - one.score || one.item - other.item)
  const kept = entries.slice(0, k)
  if (isByItem) kept.sort((one, other) => one.item - other.item)
  kept.forEach(({ item, score }, at) => {
    int32[items + at] = item
    float64[scores + at] = score
  })
  return kept.length
}
