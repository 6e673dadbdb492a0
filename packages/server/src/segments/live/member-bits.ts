/** A set of small whole numbers, one bit for each. */
export class MemberBits {
  private words: Uint32Array
  private count = 0

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.words = new Uint32Array(Math.max(1, Math.ceil(bytes.length / 4)))
    new Uint8Array(this.words.buffer).set(bytes)
    for (const word of this.words) this.count += ones(word)
  }

  get size(): number {
    return this.count
  }

  has(at: number): boolean {
    return ((this.words[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0
  }

  set(at: number, isIn: boolean): void {
    if (this.has(at) === isIn) return
    if (at >>> 5 >= this.words.length) {
      const grown = new Uint32Array(Math.max((at >>> 5) + 1, 2 * this.words.length))
      grown.set(this.words)
      this.words = grown
    }
    this.words[at >>> 5]! ^= 1 << (at & 31)
    this.count += isIn ? 1 : -1
  }

  /** How many both hold. */
  overlap(other: MemberBits): number {
    let count = 0
    const length = Math.min(this.words.length, other.words.length)
    for (let at = 0; at < length; at += 1) count += ones(this.words[at]! & other.words[at]!)
    return count
  }

  /** Ascending. */
  *values(): Generator<number> {
    for (let at = 0; at < this.words.length; at += 1)
      for (let word = this.words[at]!; word !== 0; word &= word - 1) yield at * 32 + 31 - Math.clz32(word & -word)
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer.slice(0))
  }
}

/** How many bits of a word are set. Source: Warren, “Hacker’s Delight”, 2nd edition, figure 5-2. */
function ones(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
