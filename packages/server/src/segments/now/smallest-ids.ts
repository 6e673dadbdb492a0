/** So many of the smallest ids behind one, in the order of UTF-16 code units: at most twice as many are held. */
export class SmallestIds {
  private readonly count: number
  private readonly after: string
  private held: string[] = []
  private worst: string | undefined

  constructor(count: number, after = '') {
    this.count = count
    this.after = after
  }

  add(id: string): void {
    if (id <= this.after || (this.worst !== undefined && id >= this.worst)) return
    this.held.push(id)
    if (this.held.length < 2 * this.count) return
    this.cut()
    this.worst = this.held.at(-1)
  }

  /** Ascending. */
  all(): readonly string[] {
    this.cut()
    return this.held
  }

  private cut(): void {
    this.held = this.held.sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)).slice(0, this.count)
  }
}
