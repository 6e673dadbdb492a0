/** Longer lists grow by `push`. */
const shortMax = 8

/**
 * The list with an item more at its end: the same one where it is long, a copy of just the length needed where it is short.
 * `push` makes place for sixteen more, which is too much where a customer has a hundred lists of one or two.
 */
export function append<T>(list: T[], item: T): T[] {
  if (list.length < shortMax) return list.concat([item])
  list.push(item)
  return list
}
