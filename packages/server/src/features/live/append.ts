/** Longer lists grow by `push`. */
const shortMax = 8

/**
 * The list with an item more at its end: the same one where it is long, a copy of just the length needed where it is short.
 * `push` makes place for sixteen more, which is too much where a customer has a hundred lists of one or two.
 */
export function append<T>(list: T[], item: T): T[] {
  if (list.length < shortMax) return shortly(list, item)
  list.push(item)
  return list
}

/** Written out for the shortest: this is the inside of all folding, and `concat` took a tenth of its time. */
function shortly<T>(list: T[], item: T): T[] {
  switch (list.length) {
    case 0:
      return [item]
    case 1:
      return [list[0]!, item]
    case 2:
      return [list[0]!, list[1]!, item]
    case 3:
      return [list[0]!, list[1]!, list[2]!, item]
    default:
      return list.concat([item])
  }
}
