import { isAscii, isUtf8 } from 'node:buffer'

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'

/** A line that is longer than this is judged in parts. */
const carryBytesMax = 1 << 22

/**
 * Tells the encoding of text from all of its bytes: UTF-8, or the one-byte encoding of western Europe (Windows-1252,
 * which holds Latin-1), or UTF-16 with its mark.
 *
 * A few damaged bytes do not make a UTF-8 file Latin-1: that needs more broken than whole sequences, nearly all of them
 * being letters or signs of western languages.
 */
export class EncodingDetector {
  #rest: Buffer = Buffer.alloc(0)
  #mark: Encoding | undefined
  #isFirst = true
  #whole = 0
  #broken = 0
  #brokenLetters = 0

  add(chunk: Buffer): void {
    if (this.#isFirst) {
      this.#isFirst = false
      if (chunk[0] === 0xff && chunk[1] === 0xfe) this.#mark = 'utf-16le'
      if (chunk[0] === 0xfe && chunk[1] === 0xff) this.#mark = 'utf-16be'
    }
    if (this.#mark) return
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const lastLine = bytes.lastIndexOf(10) + 1
    const end = bytes.length - lastLine > carryBytesMax ? bytes.length : lastLine
    this.#judge(bytes.subarray(0, end))
    this.#rest = Buffer.from(bytes.subarray(end))
  }

  /** @returns the encoding, and whether all of the bytes are text in it */
  finish(): { encoding: Encoding; isClean: boolean } {
    if (this.#mark) return { encoding: this.#mark, isClean: true }
    this.#judge(this.#rest)
    const isWesternText = this.#broken > this.#whole && this.#brokenLetters >= 0.9 * this.#broken
    return isWesternText
      ? { encoding: 'windows-1252', isClean: true }
      : { encoding: 'utf-8', isClean: this.#broken === 0 }
  }

  #judge(bytes: Buffer): void {
    if (isAscii(bytes)) return
    const isClean = isUtf8(bytes)
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at]!
      if (byte < 0x80) continue
      const length = sequenceLength(byte)
      if (length > 0 && (isClean || isUtf8(bytes.subarray(at, at + length)))) {
        this.#whole += 1
        at += length - 1
      } else {
        this.#broken += 1
        if (isWestern(byte)) this.#brokenLetters += 1
      }
    }
  }
}

function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2
  if (first >= 0xe0 && first <= 0xef) return 3
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0
}

/** Letters with marks, quotes and dashes, the euro, and the signs shops use; not þ and ÿ, which damage looks like. */
const isWestern = (byte: number): boolean =>
  (byte >= 0xc0 && byte <= 0xfd && byte !== 0xd7 && byte !== 0xf7) ||
  (byte >= 0x91 && byte <= 0x97) ||
  [0x80, 0x8a, 0x8c, 0x8e, 0x9a, 0x9c, 0x9e, 0x85, 0xa0, 0xa3, 0xa7, 0xa9, 0xab, 0xae, 0xb0, 0xb2, 0xb4, 0xbb].includes(
    byte,
  )
