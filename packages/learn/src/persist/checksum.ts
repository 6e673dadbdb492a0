/**
 * The CRC-32 of `bytes` from `from` on: it finds every burst of wrong bits up to 32 long, and any other damage but for
 * one case in four billion. It is no seal: whoever forges a file can forge this too.
 *
 * Source: ISO 3309; the polynomial of zlib and PNG, so that other programs can check a file.
 */
export function crc32(bytes: Uint8Array, from = 0): number {
  let state = -1
  for (let at = from; at < bytes.length; at += 1) state = (state >>> 8) ^ table[(state ^ bytes[at]!) & 255]!
  return ~state >>> 0
}

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let state = byte
  for (let bit = 0; bit < 8; bit += 1) state = state & 1 ? (state >>> 1) ^ 0xedb88320 : state >>> 1
  return state
})
