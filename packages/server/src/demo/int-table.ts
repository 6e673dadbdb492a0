/** Rows of whole numbers, column by column, that grow and are used again: no object per row. */
export class IntTable<Name extends string> {
  rows = 0
  readonly #names: readonly Name[]
  #columns: Int32Array[]

  constructor(names: readonly Name[]) {
    this.#names = names
    this.#columns = names.map(() => new Int32Array(1 << 16))
  }

  /** Appends a row, values in the order of the columns' names. */
  append(...values: readonly number[]): void {
    if (this.rows === this.#columns[0]!.length) {
      this.#columns = this.#columns.map((column) => {
        const grown = new Int32Array(column.length * 2)
        grown.set(column)
        return grown
      })
    }
    for (let column = 0; column < this.#columns.length; column += 1) this.#columns[column]![this.rows] = values[column]!
    this.rows += 1
  }

  clear(): void {
    this.rows = 0
  }

  /** Views of what is there, for `Warehouse.stage`; valid until the next append or clear. */
  columns(): Record<Name, Int32Array> {
    const views = this.#names.map((name, index) => [name, this.#columns[index]!.subarray(0, this.rows)] as const)
    return Object.fromEntries(views) as Record<Name, Int32Array>
  }
}
