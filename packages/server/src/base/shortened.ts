/**
 * The beginning of a text, never with half a surrogate pair at its end: half of one is no character of a database.
 *
 * @param mark what stands at its end where something was cut. Default: nothing
 *
 * @example
 * shortened('a😀b', 2) // 'a'
 */
export function shortened(text: string, most: number, mark = ''): string {
  if (text.length <= most) return text
  const isHalf = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(most - 1, most + 1))
  return text.slice(0, isHalf ? most - 1 : most) + mark
}
