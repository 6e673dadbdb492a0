/**
 * MurmurHash3 of bytes, 32 bits, as a signed whole number: what scikit-learn's `FeatureHasher` uses.
 *
 * Spreads well and is quick, but anyone can make two texts of one hash: never for secrets.
 *
 * @param seed 0 … 2³² − 1
 *
 * Source: Appleby, `MurmurHash3_x86_32` of SMHasher, public domain.
 *
 * @example
 * murmurHash(new TextEncoder().encode('foo')) // -156908512
 */
export function murmurHash(bytes: Uint8Array, seed = 0): number {
  const tail = bytes.length & ~3
  let hash = seed | 0
  for (let at = 0; at < tail; at += 4) {
    hash ^= scrambled(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
    hash = (Math.imul(rotateLeft(hash, 13), 5) + 0xe6546b64) | 0
  }
  let rest = 0
  for (let at = bytes.length - 1; at >= tail; at -= 1) rest = (rest << 8) | bytes[at]!
  hash ^= scrambled(rest) ^ bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

const scrambled = (block: number): number => Math.imul(rotateLeft(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593)

const rotateLeft = (value: number, by: number): number => (value << by) | (value >>> (32 - by))
