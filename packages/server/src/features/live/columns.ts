import type { Fact } from '../defined/fact.ts'
import { fieldOf } from '../defined/meets.ts'
import type { AggregateLeaf } from '../defined/plan.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { emptyNumbers, isEmptyAt, type NumberCell } from './cells/number-cell.ts'

/** A cell of numbers, beside others in one array. */
export interface Column {
  readonly cell: NumberCell
  readonly of: AggregateLeaf['of']
  /** Where its numbers begin, after where all cells do. */
  readonly at: number
}

/** The columns that the facts of one pattern are brought into. */
export type ColumnGroup = readonly Column[]

/** Cells of numbers that lie side by side. All columns are asked for before the first array of them is made. */
export class Columns {
  private readonly all: Column[] = []
  private readonly known = new Map<string, Column>()
  private readonly before: number
  /** Of how many numbers the cells are. */
  width = 0
  /** Cells that have no facts; to be copied. */
  empty: readonly number[] = []

  /** @param before numbers that stand before the cells */
  constructor(before: number) {
    this.before = before
  }

  /**
   * A column of this name, made where there is none.
   *
   * @param group of its pattern, to which it is added
   */
  column(name: string, { cell, of }: Pick<Column, 'cell' | 'of'>, group: Column[]): Column {
    let column = this.known.get(name)
    if (column === undefined) {
      column = { cell, of, at: this.width }
      this.known.set(name, column)
      this.all.push(column)
      this.width += cell.width
      this.empty = emptyNumbers(this.before + this.width)
      group.push(column)
    }
    return column
  }

  /** Those that have facts, each after its number. @param from where the cells begin */
  save(numbers: readonly number[], from: number, to: ByteWriter): void {
    const { all } = this
    let count = 0
    for (const { at } of all) if (!isEmptyAt(numbers, from + at)) count += 1
    to.whole(count)
    for (let index = 0; index < all.length; index += 1) {
      const { at, cell } = all[index]!
      if (isEmptyAt(numbers, from + at)) continue
      to.whole(index)
      cell.save(numbers, from + at, to)
    }
  }

  /** @param numbers with cells that have no facts */
  load(numbers: number[], begin: number, from: ByteReader): void {
    for (let left = from.whole(); left > 0; left -= 1) {
      const { at, cell } = this.all[from.whole()]!
      cell.load(numbers, begin + at, from)
    }
  }
}

/** Whether a fact has a field that one of the columns asks for. */
export const saysAnyOf = (group: ColumnGroup, fact: Fact): boolean =>
  group.some(({ of }) => of !== null && fieldOf(fact, of.field, of.as) !== null)

/** @param begin where the cells begin */
export function addToColumns(group: ColumnGroup, numbers: number[], begin: number, fact: Fact): void {
  for (let index = 0; index < group.length; index += 1) {
    const { cell, of, at } = group[index]!
    const value = of === null ? 0 : fieldOf(fact, of.field, of.as)
    // Of a text no more is asked for than that it is there.
    if (value !== null) cell.add(numbers, begin + at, fact.at, typeof value === 'number' ? value : 0)
  }
}
