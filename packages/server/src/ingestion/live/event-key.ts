import { createHash } from 'node:crypto'

/** A key of these parts in their order, as DuckDB's `md5_number` makes it of them, joined by the unit separator. */
export const contentKey = (parts: readonly string[]): bigint => {
  const bytes = createHash('md5').update(parts.join('\x1f')).digest()
  return (bytes.readBigUInt64LE(8) << 64n) | bytes.readBigUInt64LE(0)
}
