import { kindOf, RapportError } from '@rapport/numerics'
import { checkWords } from './check-table.ts'

/** A column of numbers; missing is NaN. */
export interface NumberColumn {
  readonly name: string
  readonly kind: 'number'
  /** `[rows]` */
  readonly values: Float64Array
}

/** A column of words; missing is null. */
export interface TextColumn {
  readonly name: string
  readonly kind: 'text'
  /** `[rows]` */
  readonly values: readonly (string | null)[]
}

export type Column = NumberColumn | TextColumn

/** Named columns of one length: what customers look like before they become a `Matrix`. */
export interface Table {
  readonly rows: number
  readonly columns: readonly Column[]
}

/**
 * A table over `columns`, which it keeps and does not copy.
 *
 * @throws RapportError `table.rows` when lengths differ, `table.names` when two columns have one name, `table.values` when a
 *   column of numbers is no Float64Array, or one of text holds anything but words and null
 *
 * @example
 * table([{ name: 'age', kind: 'number', values: Float64Array.of(31, 40) }]).rows // 2
 */
export function table(columns: readonly Column[]): Table {
  for (const column of columns) checkColumn(column)
  const rows = columns[0]?.values.length ?? 0
  const names = new Set<string>()
  for (const { name, values } of columns) {
    if (values.length !== rows) {
      throw new RapportError('table.rows', `every column must have ${rows} rows, ${name} has ${values.length}`)
    }
    if (names.has(name)) throw new RapportError('table.names', `column names must differ, got ${name} twice`)
    names.add(name)
  }
  return { rows, columns }
}

function checkColumn({ name, kind, values }: Column): void {
  if (kind === 'text') checkWords('table.values', name, values)
  else if (kind !== 'number' || !(values instanceof Float64Array)) {
    const got = kind === 'number' ? kindOf(values) : `the kind ${String(kind)}`
    throw new RapportError('table.values', `${name} must be of kind text, or number with a Float64Array, got ${got}`)
  }
}

/**
 * The column of that name and kind.
 *
 * @throws RapportError `table.column` when there is none, or it has the other kind
 */
export function columnNamed(of: Table, name: string, kind: 'number'): NumberColumn
export function columnNamed(of: Table, name: string, kind: 'text'): TextColumn
export function columnNamed(of: Table, name: string, kind: Column['kind']): Column {
  const found = of.columns.find((column) => column.name === name)
  if (found?.kind !== kind) {
    throw new RapportError(
      'table.column',
      `table must have a ${kind} column ${name}, got ${found ? `one of ${found.kind}` : 'none'}`,
    )
  }
  return found
}

/** The rows at `indices`, in that order, as a new table. */
export function takeTableRows(of: Table, indices: ArrayLike<number>): Table {
  const columns = of.columns.map((column): Column => {
    if (column.kind === 'number') {
      const values = new Float64Array(indices.length)
      for (let to = 0; to < indices.length; to += 1) values[to] = column.values[indices[to]!]!
      return { ...column, values }
    }
    const values: (string | null)[] = []
    for (let to = 0; to < indices.length; to += 1) values.push(column.values[indices[to]!]!)
    return { ...column, values }
  })
  return { rows: indices.length, columns }
}
