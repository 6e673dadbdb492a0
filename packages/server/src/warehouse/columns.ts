import { RapportError } from '../base/index.ts'

/** A column as read: numbers (missing is NaN; instants are ms since 1970 UTC) or text (missing is null). */
export type Column = Float64Array | readonly (string | null)[]

/** The result of a query, column by column; no object per row. */
export class Columns {
  readonly rows: number
  readonly #columns: ReadonlyMap<string, Column>

  constructor(rows: number, columns: ReadonlyMap<string, Column>) {
    this.rows = rows
    this.#columns = columns
  }

  get entries(): readonly (readonly [string, Column])[] {
    return [...this.#columns]
  }

  get names(): readonly string[] {
    return [...this.#columns.keys()]
  }

  /** `[rows]` numbers; missing is NaN. @throws RapportError `warehouse.column` when there is no such column of numbers */
  numbers(name: string): Float64Array {
    const column = this.#columns.get(name)
    if (column instanceof Float64Array) return column
    throw this.#missing(name, 'numbers')
  }

  /** `[rows]` texts; missing is null. @throws RapportError `warehouse.column` when there is no such column of text */
  texts(name: string): readonly (string | null)[] {
    const column = this.#columns.get(name)
    if (column && !(column instanceof Float64Array)) return column
    throw this.#missing(name, 'text')
  }

  /** `[rows]` texts of a column that cannot be null. @throws RapportError `warehouse.column` when one is */
  keys(name: string): readonly string[] {
    const column = this.texts(name)
    if (column.includes(null)) throw new RapportError('warehouse.column', `column ${name} must have no missing value`)
    return column as readonly string[]
  }

  #missing(name: string, kind: string): RapportError {
    return new RapportError(
      'warehouse.column',
      `the result must have a column of ${kind} named ${name}, got ${this.names.join(', ')}`,
    )
  }
}
