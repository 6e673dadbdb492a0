/** A power of two; as many texts of a column are remembered at most. */
const slots = 4096

/**
 * Makes the texts of a column. What comes again is the same text, made once: most columns have few different ones, and equal
 * texts that are the same object are compared in no time.
 */
export class TextColumn {
  private readonly lengths: Float64Array
  private readonly bytes: Buffer
  private readonly texts: (string | undefined)[] = new Array(slots)
  private readonly starts = new Int32Array(slots)
  private readonly sizes = new Int32Array(slots)

  constructor(lengths: Float64Array, bytes: Buffer) {
    this.lengths = lengths
    this.bytes = bytes
  }

  /** How many bytes the text of a row takes; NaN where it is missing. */
  size(row: number): number {
    return this.lengths[row]!
  }

  text(start: number, size: number): string {
    const { bytes, starts, sizes } = this
    let hash = size
    for (let at = start; at < start + size; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (slots - 1)
    const known = this.texts[slot]
    if (known !== undefined && sizes[slot] === size && this.isSame(starts[slot]!, start, size)) return known
    const text = bytes.toString('utf8', start, start + size)
    this.texts[slot] = text
    starts[slot] = start
    sizes[slot] = size
    return text
  }

  private isSame(one: number, other: number, size: number): boolean {
    const { bytes } = this
    for (let at = 0; at < size; at += 1) if (bytes[one + at] !== bytes[other + at]) return false
    return true
  }
}
