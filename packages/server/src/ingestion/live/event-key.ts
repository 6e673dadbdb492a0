import { hash } from 'node:crypto'

const words = new BigUint64Array(2)
const bytes = new Uint8Array(words.buffer)

/** A key of these parts in their order, as DuckDB's `md5_number` makes it of them, joined by the unit separator. */
export const contentKey = (parts: readonly string[]): bigint => {
  // Of each event while it is answered: at once, and as text, is five times as fast as by way of a hash and a buffer.
  const digest = hash('md5', parts.join('\x1f'), 'binary')
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = digest.charCodeAt(place)
  return (words[1]! << 64n) | words[0]!
}
