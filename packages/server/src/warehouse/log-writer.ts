import {
  BIGINT,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBType,
  INTEGER,
  TIMESTAMPTZ,
  UHUGEINT,
  VARCHAR,
} from '@duckdb/node-api'
import type { Instant } from '../base/index.ts'
import { translated } from './session.ts'

/** Values of one column of rows to append; null is missing. */
export type LogColumn =
  | { readonly type: 'text'; readonly values: readonly (string | null)[] }
  | { readonly type: 'double'; readonly values: readonly (number | null)[] }
  | { readonly type: 'integer'; readonly values: readonly (number | null)[] }
  | { readonly type: 'bigint'; readonly values: readonly (number | null)[] }
  | { readonly type: 'instant'; readonly values: readonly (Instant | null)[] }
  | { readonly type: 'key'; readonly values: readonly bigint[] }

/** Every column of a table, in its order, with its rows. */
export type LogRows = Readonly<Record<string, LogColumn>>

/**
 * Appends to the log, on a connection of its own: a transaction that fails on one side leaves the other's alone. The caller
 * appends one set of rows after the other; each waits for the query that runs.
 */
export interface LogWriter {
  /**
   * Appends rows to their tables, all or nothing; on disk when it resolves.
   *
   * @throws RapportError `warehouse.disk-full`
   */
  append(tables: Readonly<Record<string, LogRows>>): Promise<void>
  close(): void
}

const rowsPerChunk = 2048

const types: Readonly<Record<LogColumn['type'], DuckDBType>> = {
  text: VARCHAR,
  double: DOUBLE,
  integer: INTEGER,
  bigint: BIGINT,
  instant: TIMESTAMPTZ,
  key: UHUGEINT,
}

export async function openLogWriter(instance: DuckDBInstance): Promise<LogWriter> {
  const connection = await instance.connect()
  return {
    append: async (tables) => {
      try {
        await connection.run('begin')
        for (const [table, rows] of Object.entries(tables)) await appendRows(connection, table, rows)
        await connection.run('commit')
      } catch (error) {
        // A failed commit has ended the transaction already; what counts is the error that led here.
        await connection.run('rollback').catch(() => undefined)
        throw translated(error)
      }
    },
    close: () => connection.closeSync(),
  }
}

async function appendRows(connection: DuckDBConnection, table: string, rows: LogRows): Promise<void> {
  const columns = Object.values(rows)
  const count = columns[0]?.values.length ?? 0
  if (count === 0) return
  const appender = await connection.createAppender(table)
  try {
    for (let start = 0; start < count; start += rowsPerChunk) {
      const length = Math.min(rowsPerChunk, count - start)
      const chunk = DuckDBDataChunk.create(
        columns.map(({ type }) => types[type]),
        length,
      )
      columns.forEach((column, index) => {
        const vector = chunk.getColumnVector(index)
        for (let at = 0; at < length; at += 1) vector.setItem(at, itemOf(column, start + at) as never)
        vector.flush()
      })
      appender.appendDataChunk(chunk)
    }
    appender.closeSync()
  } catch (error) {
    try {
      // It tries once more to append; what counts is the error that led here.
      appender.closeSync()
    } catch {
      // Told already.
    }
    throw error
  }
}

function itemOf(column: LogColumn, at: number): unknown {
  const value = column.values[at] ?? null
  if (value === null) return null
  if (column.type === 'instant') return new DuckDBTimestampTZValue(BigInt(Math.round(value as number)) * 1000n)
  return column.type === 'bigint' ? BigInt(value as number) : value
}
