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

const similarMost = 3
const editsMost = 3

/**
 * The names that may be meant by one that is none of them, the likeliest first: those with few letters changed, whether capital
 * or not, and those that hold it.
 *
 * @param names of equally near ones the earlier are named first
 */
export function similarNames(given: string, names: readonly string[]): readonly string[] {
  const most = Math.max(1, Math.min(editsMost, Math.floor(given.length / 3)))
  const wanted = given.toLowerCase()
  return names
    .flatMap((name) => {
      const held = name.toLowerCase()
      const isWithin = wanted.length > editsMost && held.includes(wanted)
      const isNear = Math.abs(held.length - wanted.length) <= most
      const edits = isNear ? editsBetween(wanted, held) : Number.POSITIVE_INFINITY
      return isWithin || edits <= most ? [{ name, edits: Math.min(edits, most) }] : []
    })
    .sort((one, other) => one.edits - other.edits)
    .slice(0, similarMost)
    .map(({ name }) => name)
}

/** Letters to insert, remove or replace, and neighbours to swap, to make one text the other (optimal string alignment). */
function editsBetween(one: string, other: string): number {
  let before: readonly number[] = []
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = row[to - 1]! + Number(one[at - 1] !== other[to - 1])
      const isSwapped = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1]
      const swapped = isSwapped ? before[to - 2]! + 1 : replaced
      next.push(Math.min(replaced, swapped, row[to]! + 1, next[to - 1]! + 1))
    }
    before = row
    row = next
  }
  return row[other.length]!
}
