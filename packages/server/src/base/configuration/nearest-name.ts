/** The name that needs the fewest letters changed to be `given`, with how many that are. */
export function nearestName(
  given: string,
  names: readonly string[],
): { readonly name: string; readonly edits: number } {
  let best = { name: '', edits: Number.POSITIVE_INFINITY }
  for (const name of names) {
    const edits = editsBetween(given.toLowerCase(), name.toLowerCase())
    if (edits < best.edits) best = { name, edits }
  }
  return best
}

/** Letters to insert, remove or replace to make one text the other (Levenshtein). */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = row[to - 1]! + Number(one[at - 1] !== other[to - 1])
      next.push(Math.min(replaced, row[to]! + 1, next[to - 1]! + 1))
    }
    row = next
  }
  return row[other.length]!
}
