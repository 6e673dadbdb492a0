/**
 * Rows in sets that are joined step by step, with the set of a row found in nearly constant time.
 *
 * Source: Tarjan, "Efficiency of a good but not linear set union algorithm", JACM 22(2), 1975.
 */
export class RowSets {
  readonly #parents: Int32Array
  readonly #sizes: Int32Array

  /** Every row in a set of its own. */
  constructor(rows: number) {
    this.#parents = Int32Array.from({ length: rows }, (_, row) => row)
    this.#sizes = new Int32Array(rows).fill(1)
  }

  /** The row that stands for the set of `row`. */
  find(row: number): number {
    const parents = this.#parents
    let at = row
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!
      at = parents[at]!
    }
    return at
  }

  /** Joins the sets of two rows that stand for different ones; the row that stands for both, the larger one's. */
  join(a: number, b: number): number {
    const [into, from] = this.#sizes[a]! >= this.#sizes[b]! ? [a, b] : [b, a]
    this.#parents[from] = into
    this.#sizes[into]! += this.#sizes[from]!
    return into
  }

  /** Rows in the set for which `row` stands. */
  sizeOf(row: number): number {
    return this.#sizes[row]!
  }
}
