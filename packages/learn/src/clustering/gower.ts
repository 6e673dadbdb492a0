import { RapportError } from '@rapport/numerics'
import { checkTable } from '../preparation/check-table.ts'
import { type Column, columnNamed, type Table } from '../preparation/table.ts'

/** How a column counts in Gower's distance. */
export interface GowerColumn {
  readonly name: string
  readonly kind: Column['kind']
  /** Of a column of numbers, largest less smallest value; 0 for a constant column and for words. */
  readonly range: number
  /** How much the column counts, > 0. */
  readonly weight: number
}

/**
 * Which columns count and over which range, as the table at hand has it.
 *
 * @param weights by column name, each > 0; columns that are not named count 1
 * @throws RapportError `gower.data` for no rows or columns, `gower.missing` for a row without any value, `gower.infinite`,
 * `gower.weights`
 */
export function gowerColumns(table: Table, weights: Readonly<Record<string, number>> = {}): GowerColumn[] {
  checkTable('gower', table)
  if (table.rows === 0 || table.columns.length === 0) {
    throw new RapportError(
      'gower.data',
      `data must have at least one row and one column, got ${table.rows} × ${table.columns.length}`,
    )
  }
  for (const [name, weight] of Object.entries(weights)) {
    const isKnown = table.columns.some((column) => column.name === name)
    if (!isKnown || !(weight > 0 && weight < Infinity)) {
      throw new RapportError(
        'gower.weights',
        `weights must be of columns there are, finite and above 0, got ${weight} for ${name}`,
      )
    }
  }
  for (let row = 0; row < table.rows; row += 1) {
    if (table.columns.every((column) => isMissing(column, row))) {
      throw new RapportError('gower.missing', `every row must have a value, row ${row} has none`)
    }
  }
  return table.columns.map((column) => ({
    name: column.name,
    kind: column.kind,
    range: column.kind === 'number' ? rangeOf(column.name, column.values) : 0,
    weight: weights[column.name] ?? 1,
  }))
}

/** `[rows]` 1 for rows that have a value in every column. */
export function completeRows({ rows, columns }: Table): Uint8Array {
  return Uint8Array.from({ length: rows }, (_, row) => (columns.some((column) => isMissing(column, row)) ? 0 : 1))
}

const isMissing = ({ kind, values }: Column, row: number): boolean =>
  kind === 'number' ? Number.isNaN(values[row]) : values[row] === null

function rangeOf(name: string, values: Float64Array): number {
  let least = Infinity
  let largest = -Infinity
  values.forEach((value, row) => {
    if (value === Infinity || value === -Infinity) {
      throw new RapportError('gower.infinite', `every number must be finite, got ${value} at row ${row} of ${name}`)
    }
    if (value < least) least = value
    if (value > largest) largest = value
  })
  const range = largest - least
  if (range === Infinity) throw new RapportError('gower.infinite', `the range of ${name} must be finite, got Infinity`)
  // Less than 0 for a column without any value.
  return Math.max(range, 0)
}

/** One column of both tables as numbers: words as codes that both share. */
interface CodedColumn {
  readonly column: GowerColumn
  readonly from: Float64Array
  readonly to: Float64Array
  readonly hasMissing: boolean
}

/**
 * Gower's distances from the rows of one table to those of another: the weighted mean over columns of |difference| over
 * the range for numbers, and of 0 for equal and 1 for unlike words. Columns in which either row has no value are left
 * out; rows that share none are 1 apart, as far as any.
 *
 * Distances are made when they are asked for; none is stored.
 *
 * Source: Gower, "A general coefficient of similarity and some of its properties", Biometrics 27(4), 1971.
 */
export class GowerDistances {
  readonly rows: number
  readonly #columns: readonly CodedColumn[]
  readonly #weights: Float64Array

  /** @throws RapportError `table.column` when a table lacks a column */
  constructor(columns: readonly GowerColumn[], from: Table, to: Table) {
    this.rows = to.rows
    this.#weights = new Float64Array(to.rows)
    this.#columns = columns.map((column) => coded(column, from, to))
  }

  /** Writes the distances from row `row` to all rows of the other table into `distances` `[rows]`. */
  fill(row: number, distances: Float64Array): void {
    distances.fill(0)
    this.#weights.fill(0)
    let whole = 0
    for (const { column, from, to, hasMissing } of this.#columns) {
      const value = from[row]!
      if (Number.isNaN(value)) continue
      const { weight, kind, range } = column
      if (!hasMissing) whole += weight
      for (let other = 0; other < distances.length; other += 1) {
        const theirs = to[other]!
        if (hasMissing && Number.isNaN(theirs)) continue
        if (hasMissing) this.#weights[other]! += weight
        if (kind === 'text') distances[other]! += value === theirs ? 0 : weight
        // Rows that came later may lie outside the range: no column says more than that two rows are as far as any.
        else if (range > 0) distances[other]! += weight * Math.min(1, Math.abs(value - theirs) / range)
      }
    }
    for (let other = 0; other < distances.length; other += 1) {
      const weight = whole + this.#weights[other]!
      distances[other] = weight > 0 ? distances[other]! / weight : 1
    }
  }
}

function coded(column: GowerColumn, from: Table, to: Table): CodedColumn {
  if (column.kind === 'number') {
    const ours = columnNamed(from, column.name, 'number').values
    const theirs = columnNamed(to, column.name, 'number').values
    return { column, from: ours, to: theirs, hasMissing: theirs.some(Number.isNaN) }
  }
  const codes = new Map<string, number>()
  const codeOf = (word: string | null): number => {
    if (word === null) return Number.NaN
    const code = codes.get(word) ?? codes.size
    codes.set(word, code)
    return code
  }
  const ours = Float64Array.from(columnNamed(from, column.name, 'text').values, codeOf)
  const theirs = Float64Array.from(columnNamed(to, column.name, 'text').values, codeOf)
  return { column, from: ours, to: theirs, hasMissing: theirs.some(Number.isNaN) }
}
