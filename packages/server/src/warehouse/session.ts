import { DuckDBBlobValue, type DuckDBConnection, DuckDBTimestampTZValue, type DuckDBValue } from '@duckdb/node-api'
import { RapportError, stopIfAborted, type Work } from '../base/index.ts'
import type { Columns } from './columns.ts'
import { readColumns } from './read-columns.ts'
import type { Parameters } from './warehouse.ts'

/** One connection to DuckDB: binds parameters, reads columns, stops when told to, and translates errors. */
export class Session {
  readonly connection: DuckDBConnection
  readonly #store: string | undefined

  /** @param store the store's file, when the connection is to one */
  constructor(connection: DuckDBConnection, store?: string) {
    this.connection = connection
    this.#store = store
  }

  async run(sql: string, parameters?: Parameters, work?: Work): Promise<void> {
    await this.#stoppable(work, () => this.connection.run(sql, bound(parameters)))
  }

  async rows<Row extends object>(sql: string, parameters?: Parameters, work?: Work): Promise<Row[]> {
    const result = await this.#stoppable(work, () => this.connection.runAndReadAll(sql, bound(parameters)))
    return result.getRowObjectsJS().map((row) => {
      for (const name of Object.keys(row)) row[name] = plain(row[name], name) as never
      return row as Row
    })
  }

  async columns(sql: string, parameters?: Parameters, work?: Work): Promise<Columns> {
    return this.#stoppable(work, async () => readColumns(await this.connection.stream(sql, bound(parameters)), work))
  }

  async blobs(sql: string, work?: Work): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
    const result = await this.#stoppable(work, () => this.connection.runAndReadAll(sql))
    const [row = []] = result.getRows()
    return new Map(row.map((blob, place) => [result.columnName(place), bytesOf(blob, result.columnName(place))]))
  }

  async #stoppable<Result>(work: Work | undefined, query: () => Promise<Result>): Promise<Result> {
    stopIfAborted(work)
    const interrupt = (): void => this.connection.interrupt()
    work?.signal?.addEventListener('abort', interrupt)
    try {
      return await query()
    } catch (error) {
      stopIfAborted(work)
      throw translated(error, this.#store)
    } finally {
      work?.signal?.removeEventListener('abort', interrupt)
    }
  }
}

/** In memory of their own, so that they can be given to another thread. */
function bytesOf(blob: DuckDBValue, column: string): Uint8Array<ArrayBuffer> {
  if (blob === null) return new Uint8Array()
  if (blob instanceof DuckDBBlobValue) return new Uint8Array(blob.bytes)
  throw new RapportError('warehouse.type', `column ${column} must be a blob, got ${typeof blob}: cast it in the query`)
}

/**
 * What the operator can act on becomes a `RapportError`; a mistake of ours in SQL stays what it is.
 *
 * @param store the store's file, when the query was one of a store: damage is met when a block is read
 */
export function translated(error: unknown, store?: string): unknown {
  const message = error instanceof Error ? error.message : String(error)
  if (/no space left|disk full|file too large|could not write|out of disk/i.test(message)) {
    return new RapportError(
      'warehouse.disk-full',
      `the disk must have room for the store, got: ${firstLine(message)}`,
      {
        cause: error,
      },
    )
  }
  if (/out of memory/i.test(message)) {
    return new RapportError('warehouse.memory', `the query must fit into memory, got: ${firstLine(message)}`, {
      cause: error,
    })
  }
  if (store && /corrupt database file|could not read enough bytes/i.test(message)) return damaged(store, error)
  return error
}

export const firstLine = (text: string): string => text.split('\n')[0]!

/** The error for a file that is no store, or no whole one. */
export function damaged(file: string, error: unknown): RapportError {
  const message = firstLine(error instanceof Error ? error.message : String(error)).replace(/^IO Error: /, '')
  return new RapportError(
    'warehouse.damaged',
    `the file ${file} must be a store of rapport, and whole, got: ${message} (put a copy of it back, or use another --store)`,
    { cause: error },
  )
}

export function bound(parameters: Parameters | undefined): Record<string, DuckDBValue> {
  const values: Record<string, DuckDBValue> = {}
  for (const [name, value] of Object.entries(parameters ?? {})) {
    values[name] =
      typeof value === 'object' && value !== null
        ? new DuckDBTimestampTZValue(BigInt(Math.round(value.instant)) * 1000n)
        : value
  }
  return values
}

function plain(value: unknown, column: string): unknown {
  if (value instanceof Date) return value.getTime()
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new RapportError('warehouse.range', `column ${column} must hold whole numbers up to 2^53, got ${value}`)
}
