import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBVector,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api'
import { RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import type { Stageable } from './warehouse.ts'

type Values = Stageable[string]

const rowsPerChunk = 2048

/** Appends columns to a temporary table, chunk by chunk, typed arrays copied whole. */
export async function stageColumns(
  connection: DuckDBConnection,
  name: string,
  columns: Stageable,
  work?: Work,
): Promise<void> {
  const entries = Object.entries(columns)
  const rows = entries[0]?.[1].length ?? 0
  for (const [column, values] of entries) {
    if (values.length !== rows) {
      throw new RapportError(
        'warehouse.ragged',
        `every column must have ${rows} rows, got ${values.length} in ${column}`,
      )
    }
  }
  const types = entries.map(([, values]) => typeOf(values))
  const definitions = entries.map(([column], index) => `${duckdbDialect.identifier(column)} ${types[index]}`)
  await connection.run(`create temp table if not exists ${duckdbDialect.identifier(name)} (${definitions.join(', ')})`)

  const appender = await connection.createAppender(name, 'main', 'temp')
  try {
    for (let start = 0; start < rows; start += rowsPerChunk) {
      stopIfAborted(work)
      const count = Math.min(rowsPerChunk, rows - start)
      const chunk = DuckDBDataChunk.create(types, count)
      entries.forEach(([, values], index) => {
        fill(chunk.getColumnVector(index), values, start, count)
      })
      appender.appendDataChunk(chunk)
    }
    appender.flushSync()
  } finally {
    appender.closeSync()
  }
}

function typeOf(values: Values): DuckDBType {
  if (values instanceof Float64Array) return DOUBLE
  if (values instanceof Int32Array) return INTEGER
  return values instanceof BigInt64Array ? BIGINT : VARCHAR
}

function fill(vector: DuckDBVector, values: Values, start: number, count: number): void {
  if (ArrayBuffer.isView(values)) {
    const items = (vector as unknown as { items: { set(part: ArrayLike<number | bigint>): void } }).items
    items.set(values.subarray(start, start + count))
    if (values instanceof Float64Array) {
      for (let at = 0; at < count; at += 1) if (Number.isNaN(values[start + at])) vector.setItem(at, null as never)
    }
  } else {
    for (let at = 0; at < count; at += 1) vector.setItem(at, values[start + at] as never)
  }
  vector.flush()
}
