import { AsyncLocalStorage } from 'node:async_hooks'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBAppender, DuckDBInstance } from '@duckdb/node-api'
import { RapportError, stopIfAborted, version, type Work } from '../base/index.ts'
import type { Columns } from './columns.ts'
import { duckdbDialect } from './dialect.ts'
import type { FileReader } from './file-reader.ts'
import { type LogWriter, openLogWriter } from './log-writer.ts'
import { makeFolder } from './make-folder.ts'
import { migrate } from './migrate.ts'
import { ownedBy, readOwner, takeOwnership } from './owner.ts'
import { bound, Session, translated } from './session.ts'
import { stageColumns } from './stage-columns.ts'
import type { Parameters, Stageable, Warehouse } from './warehouse.ts'

/**
 * Opens the store in `folder`, made if it is not there, at this version's schema.
 *
 * @throws RapportError `warehouse.owned` when a process has it open, `warehouse.newer` when a later version made it,
 * `warehouse.damaged` when the file is no store, `warehouse.folder` when there can be no such folder
 */
export async function openWarehouse(folder: string): Promise<Warehouse> {
  makeFolder(folder)
  const path = realpathSync(folder)
  const release = takeOwnership(path, version)
  try {
    const instance = await openInstance(path)
    const session = new Session(await instance.connect())
    await session.run("set TimeZone = 'UTC'")
    await migrate(session)
    // From here on nothing in the store's queries can reach a file or change these settings back.
    await session.run('set enable_external_access = false; set lock_configuration = true')
    return new DuckdbWarehouse(path, instance, session, release)
  } catch (error) {
    release()
    throw error
  }
}

async function openInstance(folder: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(join(folder, 'warehouse.duckdb'), {
      memory_limit: '1GB',
      temp_directory: join(folder, 'spill'),
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/could not set lock/i.test(message)) throw ownedBy(folder, readOwner(join(folder, 'owner.json')))
    if (/not a valid DuckDB database|corrupt|serialization/i.test(message)) {
      throw new RapportError('warehouse.damaged', `${folder} must hold a store, got: ${message.split('\n')[0]}`, {
        cause: error,
      })
    }
    throw translated(error)
  }
}

class DuckdbWarehouse implements Warehouse {
  readonly folder: string
  readonly #instance: DuckDBInstance
  readonly #session: Session
  readonly #release: () => void
  /** Set while code of a transaction runs, so that its own calls pass and everybody else's wait. */
  readonly #inside = new AsyncLocalStorage<true>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(folder: string, instance: DuckDBInstance, session: Session, release: () => void) {
    this.folder = folder
    this.#instance = instance
    this.#session = session
    this.#release = release
  }

  run(sql: string, parameters?: Parameters, work?: Work): Promise<void> {
    return this.#inTurn(() => this.#session.run(sql, parameters, work))
  }

  rows<Row extends object>(sql: string, parameters?: Parameters, work?: Work): Promise<Row[]> {
    return this.#inTurn(() => this.#session.rows<Row>(sql, parameters, work))
  }

  columns(sql: string, parameters?: Parameters, work?: Work): Promise<Columns> {
    return this.#inTurn(() => this.#session.columns(sql, parameters, work))
  }

  stage(name: string, columns: Stageable, work?: Work): Promise<void> {
    return this.#inTurn(() => stageColumns(this.#session.connection, name, columns, work))
  }

  pour(table: string, reader: FileReader, sql: string, parameters?: Parameters, work?: Work): Promise<number> {
    return this.#inTurn(() => pourRows(this.#session, table, reader, sql, parameters, work))
  }

  transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore()) {
      throw new RapportError('warehouse.nested', 'a transaction must not begin inside another one')
    }
    return this.#inTurn(() =>
      this.#inside.run(true, async () => {
        await this.#session.run('begin')
        try {
          const result = await work()
          await this.#session.run('commit')
          return result
        } catch (error) {
          // A failed commit has ended the transaction already; what counts is the error that led here.
          await this.#session.run('rollback').catch(() => undefined)
          throw error
        }
      }),
    )
  }

  openLog(): Promise<LogWriter> {
    return openLogWriter(this.#instance)
  }

  checkpoint(): Promise<void> {
    return this.#inTurn(() => this.#session.run('checkpoint'))
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined)
    this.#session.connection.closeSync()
    this.#instance.closeSync()
    this.#release()
  }

  /** One query at a time: a second one would end the result that the first still streams. */
  #inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore()) return step()
    const turn = this.#last.then(step, step)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

async function pourRows(
  session: Session,
  table: string,
  reader: FileReader,
  sql: string,
  parameters?: Parameters,
  work?: Work,
): Promise<number> {
  const result = await reader.session.connection.stream(sql, bound(parameters))
  const target = await session.connection.run(`select * from ${duckdbDialect.identifier(table)} limit 0`)
  const got = result.columnNames().map((name, index) => `${name} ${result.columnType(index)}`)
  const wanted = target.columnNames().map((name, index) => `${name} ${target.columnType(index)}`)
  const differs = wanted.findIndex((column, index) => column !== got[index])
  if (differs >= 0 || got.length !== wanted.length) {
    throw new RapportError(
      'warehouse.columns',
      `the rows for ${table} must have its columns in order, wanted ${wanted[differs]}, got ${got[differs]}`,
    )
  }
  let rows = 0
  const appender = await session.connection.createAppender(table)
  // The reader makes the next chunk while this one is written.
  let next = result.fetchChunk()
  try {
    for (;;) {
      stopIfAborted(work)
      const chunk = await next
      if (!chunk || chunk.rowCount === 0) break
      next = result.fetchChunk()
      appender.appendDataChunk(chunk)
      rows += chunk.rowCount
    }
    appender.flushSync()
    appender.closeSync()
  } catch (error) {
    closeQuietly(appender)
    throw translated(error)
  } finally {
    // The reader may be closed after this, never under a chunk that it still makes.
    await next.catch(() => undefined)
  }
  return rows
}

/** An appender that failed tries once more when it is closed; what counts is the error that led here. */
function closeQuietly(appender: DuckDBAppender): void {
  try {
    appender.closeSync()
  } catch {
    // Told already.
  }
}
