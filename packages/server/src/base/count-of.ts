/**
 * How many of something, as people read it.
 *
 * @param many of what for any other number than one; default: with an s
 *
 * @example
 * countOf(1, 'customer') // '1 customer'
 * countOf(2000, 'customer') // '2,000 customers'
 */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
