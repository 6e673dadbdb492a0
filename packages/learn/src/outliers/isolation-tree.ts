import type { Matrix, Random } from '@rapport/numerics'

const eulerMascheroni = 0.5772156649015329

/**
 * The mean path to a leaf of a random search tree of n rows: what a leaf that holds n rows stands for, and the measure that
 * paths are compared with.
 */
export function averagePath(n: number): number {
  if (n <= 1) return 0
  if (n === 2) return 1
  return 2 * (Math.log(n - 1) + eulerMascheroni) - (2 * (n - 1)) / n
}

/** One tree of random cuts, node after node, a left child after its parent. */
export class IsolationTree {
  /** The column that is asked; −1 in a leaf. */
  readonly asked: number[] = []
  /** Values up to this go left; in a leaf the length of the path. */
  readonly bounds: number[] = []
  /** The node for larger values. */
  readonly right: number[] = []
  readonly #data: Matrix
  readonly #rows: Int32Array
  readonly #random: Random
  /** Paths longer than the mean of ordinary rows tell nothing. */
  readonly #depthMax: number

  /** @param rows those to grow on, at least one; put into another order */
  constructor(data: Matrix, rows: Int32Array, random: Random) {
    this.#data = data
    this.#rows = rows
    this.#random = random
    this.#depthMax = Math.ceil(Math.log2(Math.max(rows.length, 2)))
    this.#grow(0, rows.length, 0)
  }

  #grow(from: number, to: number, depth: number): void {
    const node = this.asked.length
    const cut = to - from > 1 && depth < this.#depthMax ? this.#drawCut(from, to) : undefined
    this.asked.push(cut ? cut.column : -1)
    this.bounds.push(cut ? cut.bound : depth + averagePath(to - from))
    this.right.push(0)
    if (!cut) return
    const middle = this.#part(from, to, cut.column, cut.bound)
    this.#grow(from, middle, depth + 1)
    this.right[node] = this.asked.length
    this.#grow(middle, to, depth + 1)
  }

  /** A column that varies among the rows, and a place between its ends; undefined where all rows are equal. */
  #drawCut(from: number, to: number): { column: number; bound: number } | undefined {
    const { columns, values } = this.#data
    const open = Int32Array.from({ length: columns }, (_, column) => column)
    for (let left = columns; left > 0; left -= 1) {
      const at = this.#random.integer(left)
      const column = open[at]!
      open[at] = open[left - 1]!
      let low = Infinity
      let high = -Infinity
      for (let place = from; place < to; place += 1) {
        const value = values[this.#rows[place]! * columns + column]!
        if (value < low) low = value
        if (value > high) high = value
      }
      if (low === high) continue
      const part = this.#random.uniform()
      // Of both ends, so that no range overflows; below the highest, so that both sides hold rows.
      const bound = low * (1 - part) + high * part
      return { column, bound: bound < high && bound >= low ? bound : low }
    }
    return undefined
  }

  /** Puts rows up to the bound first; gives the first place of the others. */
  #part(from: number, to: number, column: number, bound: number): number {
    const { columns, values } = this.#data
    const rows = this.#rows
    let middle = from
    for (let place = from; place < to; place += 1) {
      const row = rows[place]!
      if (values[row * columns + column]! > bound) continue
      rows[place] = rows[middle]!
      rows[middle] = row
      middle += 1
    }
    return middle
  }
}
