import { createHash, randomBytes } from 'node:crypto'

/**
 * The key of an event with this id, as DuckDB's `md5_number` makes it of an imported event: the same event that comes
 * over the wire and in a file is one.
 */
export function eventKey(messageId: string): bigint {
  return contentKey(['events-id', messageId])
}

/** A key of these parts in their order. */
export const contentKey = (parts: readonly string[]): bigint =>
  numberOf(createHash('md5').update(parts.join('\x1f')).digest())

/** A key of its own, for an event whose sender gave no id. */
export const freshKey = (): bigint => numberOf(randomBytes(16))

const numberOf = (bytes: Buffer): bigint => (bytes.readBigUInt64LE(8) << 64n) | bytes.readBigUInt64LE(0)
