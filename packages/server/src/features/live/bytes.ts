/** A key's two halves, and their bytes: as numbers of 32 bits put together they take four times as long. */
const halves = new BigUint64Array(2)
const halvesBytes = new Uint8Array(halves.buffer)

/** Writes what snapshots hold: numbers, whole numbers, texts and keys, one after another without names. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(4096)
  length = 0

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + more))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }

  number(value: number): void {
    this.reserve(8)
    this.length = this.buffer.writeDoubleLE(value, this.length)
  }

  /** @param value whole, of any sign, within ±2⁵³: small ones take one byte */
  whole(value: number): void {
    this.reserve(10)
    // The sign goes last, so that small numbers below zero are short as well.
    let rest = value < 0 ? -value - 1 : value
    let low = (rest % 64) * 2 + (value < 0 ? 1 : 0)
    rest = Math.floor(rest / 64)
    while (rest > 0) {
      this.buffer[this.length++] = low | 128
      low = rest % 128
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.length++] = low
  }

  text(value: string): void {
    const size = Buffer.byteLength(value)
    this.whole(size)
    this.reserve(size)
    this.length += this.buffer.write(value, this.length)
  }

  /** @param value 0 … 2¹²⁸ − 1 */
  key(value: bigint): void {
    this.reserve(16)
    // Of a number that is longer its last 64 bits are taken.
    halves[0] = value
    halves[1] = value >> 64n
    for (let place = 0; place < 16; place += 1) this.buffer[this.length + place] = halvesBytes[place]!
    this.length += 16
  }

  /** With how many they are before them; whole ones take less. */
  numbers(values: readonly number[]): void {
    this.whole(values.length)
    for (const value of values) {
      const isWhole = Number.isSafeInteger(value)
      this.whole(isWhole ? 1 : 0)
      if (isWhole) this.whole(value)
      else this.number(value)
    }
  }

  /** With their length before them. */
  bytes({ buffer, from, until }: ByteRange): void {
    const size = until - from
    this.whole(size)
    this.reserve(size)
    this.length += buffer.copy(this.buffer, this.length, from, until)
  }

  /** Where what was written so far lies; only until more is written. Then begins anew. */
  lend(): ByteRange {
    const lent = { buffer: this.buffer, from: 0, until: this.length }
    this.length = 0
    return lent
  }

  /** What was written so far, as a copy; then begins anew. */
  take(): Buffer {
    const taken = Buffer.from(this.buffer.subarray(0, this.length))
    this.length = 0
    return taken
  }
}

/** A part of a buffer: of hundreds of thousands a view each would weigh more than what is in them. */
export interface ByteRange {
  readonly buffer: Buffer
  readonly from: number
  readonly until: number
}

export class ByteReader {
  private readonly buffer: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.buffer = bytes
    this.at = at
  }

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length
  }

  number(): number {
    const value = this.buffer.readDoubleLE(this.at)
    this.at += 8
    return value
  }

  whole(): number {
    let byte = this.buffer[this.at++]!
    const isNegative = (byte & 1) === 1
    let value = (byte & 127) >> 1
    let unit = 64
    while (byte >= 128) {
      byte = this.buffer[this.at++]!
      value += (byte & 127) * unit
      unit *= 128
    }
    return isNegative ? -value - 1 : value
  }

  text(): string {
    const size = this.whole()
    this.at += size
    return textIn(this.buffer, this.at - size, size)
  }

  /** As many as a whole number says that stands before them. */
  list<Item>(read: () => Item): Item[] {
    const length = this.whole()
    const items: Item[] = new Array(length)
    for (let place = 0; place < length; place += 1) items[place] = read()
    return items
  }

  numbers(): number[] {
    const values: number[] = []
    for (let left = this.whole(); left > 0; left -= 1) values.push(this.whole() === 1 ? this.whole() : this.number())
    // Of just their length.
    return values.slice()
  }

  /** Where they lie, not a copy. */
  bytes(): ByteRange {
    const size = this.whole()
    this.at += size
    return { buffer: this.buffer, from: this.at - size, until: this.at }
  }

  key(): bigint {
    for (let place = 0; place < 16; place += 1) halvesBytes[place] = this.buffer[this.at + place]!
    this.at += 16
    return (halves[1]! << 64n) | halves[0]!
  }
}

/** Texts this short are mostly names that many customers have: products, categories, sources. */
const knownMax = 32
const known: (string | undefined)[] = new Array(8192).fill(undefined)

/** The same text where it was just read before: customers then share it, and none must be made. */
function textIn(buffer: Buffer, from: number, size: number): string {
  if (size > knownMax) return buffer.toString('utf8', from, from + size)
  let hash = 0x811c9dc5
  for (let at = from; at < from + size; at += 1) hash = Math.imul(hash ^ buffer[at]!, 0x01000193)
  const place = (hash ^ (hash >>> 13)) & (known.length - 1)
  const last = known[place]
  if (last !== undefined && isWritten(last, buffer, from, size)) return last
  const text = buffer.toString('utf8', from, from + size)
  known[place] = text
  return text
}

/** Whether these bytes are a text, which only holds where each of its characters takes one. */
function isWritten(text: string, buffer: Buffer, from: number, size: number): boolean {
  if (text.length !== size) return false
  for (let at = 0; at < size; at += 1) {
    const code = text.charCodeAt(at)
    if (code !== buffer[from + at] || code > 127) return false
  }
  return true
}
