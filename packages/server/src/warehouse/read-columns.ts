import { type DuckDBResult, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api'
import { RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { type Column, Columns } from './columns.ts'

type Numeric = { readonly items: ArrayLike<number> | BigInt64Array | BigUint64Array }

const numericTypes = new Set<DuckDBTypeId>([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_TZ,
])
const instantTypes = new Set<DuckDBTypeId>([DuckDBTypeId.TIMESTAMP, DuckDBTypeId.TIMESTAMP_TZ])

/**
 * Drains a result into typed arrays, chunk by chunk. DuckDB reuses a chunk's memory, so every vector is copied.
 *
 * @throws RapportError `warehouse.type` for a column that is neither number, instant, boolean nor text
 */
export async function readColumns(result: DuckDBResult, work?: Work): Promise<Columns> {
  const names = result.columnNames()
  const types = names.map((_, index) => result.columnTypeId(index))
  const builders = types.map((type, index) => columnBuilder(type, names[index]!))
  let rows = 0
  for (;;) {
    stopIfAborted(work)
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    for (let column = 0; column < builders.length; column += 1) {
      builders[column]!.add(chunk.getColumnVector(column), chunk.rowCount)
    }
    rows += chunk.rowCount
  }
  // A query that was interrupted while its rows were fetched ends as if there were no more.
  stopIfAborted(work)
  return new Columns(rows, new Map(names.map((name, index) => [name, builders[index]!.finish(rows)])))
}

interface ColumnBuilder {
  add(vector: DuckDBVector, count: number): void
  finish(rows: number): Column
}

function columnBuilder(type: DuckDBTypeId, name: string): ColumnBuilder {
  if (numericTypes.has(type)) return new NumberBuilder(instantTypes.has(type))
  if (type === DuckDBTypeId.BOOLEAN) return new BooleanBuilder()
  if (type === DuckDBTypeId.VARCHAR) return new TextBuilder()
  throw new RapportError(
    'warehouse.type',
    `column ${name} must be a number, an instant, a boolean or text, got type ${type}: cast it in the query`,
  )
}

class NumberBuilder implements ColumnBuilder {
  readonly #isInstant: boolean
  #values = new Float64Array(4096)
  #rows = 0

  constructor(isInstant: boolean) {
    this.#isInstant = isInstant
  }

  add(vector: DuckDBVector, count: number): void {
    if (this.#rows + count > this.#values.length) {
      const grown = new Float64Array(Math.max(this.#values.length * 2, this.#rows + count))
      grown.set(this.#values)
      this.#values = grown
    }
    const items = (vector as unknown as Numeric).items
    const to = this.#values
    const start = this.#rows
    if (items instanceof BigInt64Array || items instanceof BigUint64Array) {
      for (let at = 0; at < count; at += 1) to[start + at] = Number(items[at])
      if (this.#isInstant) for (let at = 0; at < count; at += 1) to[start + at] = Math.floor(to[start + at]! / 1000)
    } else {
      for (let at = 0; at < count; at += 1) to[start + at] = items[at]!
    }
    markMissing(vector, to, start, count)
    this.#rows += count
  }

  finish(rows: number): Float64Array {
    return this.#values.slice(0, rows)
  }
}

class BooleanBuilder implements ColumnBuilder {
  readonly #values: number[] = []

  add(vector: DuckDBVector, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const value = vector.getItem(at)
      this.#values.push(value === null ? Number.NaN : Number(value))
    }
  }

  finish(): Float64Array {
    return Float64Array.from(this.#values)
  }
}

class TextBuilder implements ColumnBuilder {
  readonly #values: (string | null)[] = []

  add(vector: DuckDBVector, count: number): void {
    for (let at = 0; at < count; at += 1) this.#values.push(vector.getItem(at) as string | null)
  }

  finish(): readonly (string | null)[] {
    return this.#values
  }
}

interface WithValidity {
  readonly validity: { itemValid(index: number): boolean; readonly data: BigUint64Array | null }
}

const allValid = 0xffffffffffffffffn

/** NULLs are in the vector's validity, a bit a row, and not in its items. */
function markMissing(vector: DuckDBVector, to: Float64Array, start: number, count: number): void {
  const { validity } = vector as unknown as WithValidity
  if (validity.data === null) return
  for (let first = 0; first < count; first += 64) {
    if (validity.data[first / 64] === allValid) continue
    const end = Math.min(first + 64, count)
    for (let at = first; at < end; at += 1) if (!validity.itemValid(at)) to[start + at] = Number.NaN
  }
}
