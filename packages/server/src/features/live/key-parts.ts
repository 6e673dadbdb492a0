/** Of numbers that each hold a part of a key, the first the highest. */
export const keyParts = 3

const halves = new BigUint64Array(2)
const words = new Uint32Array(halves.buffer)
const parts = [0.5, 0.5, 0.5]
let ofLast: bigint | undefined

/**
 * A key as whole numbers that order as it does: they lie among other numbers, where a key would be an object of its own.
 *
 * @param key 0 … 2¹²⁸ − 1
 * @returns the same array each time
 */
export function partsOfKey(key: bigint): readonly number[] {
  // A fact is brought into several sequences one after another.
  if (key === ofLast) return parts
  ofLast = key
  halves[0] = key
  halves[1] = key >> 64n
  parts[0] = words[3]! * 65_536 + (words[2]! >>> 16)
  parts[1] = (words[2]! & 65_535) * 2 ** 32 + words[1]!
  parts[2] = words[0]!
  return parts
}
