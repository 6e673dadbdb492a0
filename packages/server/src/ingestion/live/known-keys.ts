const partBits = 43n
const partMask = (1n << partBits) - 1n

/**
 * Keys of 128 bits in three parts, each a number that a double holds: read, kept and looked up without a text of each, which
 * at 100,000 keys took a start three times as long.
 */
export class KnownKeys {
  private readonly middle: Float64Array
  private readonly low: Float64Array
  /** The last row with a highest part, and the row before each with the same. */
  private readonly rows = new Map<number, number>()
  private readonly earlier = new Map<number, number>()

  static readonly none = new KnownKeys(new Float64Array(), new Float64Array(), new Float64Array())

  /** @param high,middle,low `[keys]` bits 86 and above, from 43, and from 0 */
  constructor(high: Float64Array, middle: Float64Array, low: Float64Array) {
    this.middle = middle
    this.low = low
    high.forEach((part, row) => {
      const earlier = this.rows.get(part)
      if (earlier !== undefined) this.earlier.set(row, earlier)
      this.rows.set(part, row)
    })
  }

  has(key: bigint): boolean {
    const middle = Number((key >> partBits) & partMask)
    const low = Number(key & partMask)
    let row = this.rows.get(Number(key >> (2n * partBits)))
    while (row !== undefined) {
      if (this.middle[row] === middle && this.low[row] === low) return true
      row = this.earlier.get(row)
    }
    return false
  }
}
