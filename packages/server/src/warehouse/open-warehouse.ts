import { AsyncLocalStorage } from 'node:async_hooks'
import { existsSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { RapportError, stopIfAborted, version, type Work } from '../base/index.ts'
import type { Columns } from './columns.ts'
import { duckdbDialect } from './dialect.ts'
import type { FileReader } from './file-reader.ts'
import { columnsOf, type Handover, HandoverFolder } from './handover.ts'

import { makeFolder } from './make-folder.ts'
import { migrate } from './migrate.ts'
import { ownedBy, readOwner, takeOwnership } from './owner.ts'
import { copyStore, removeFile, swapIn } from './rewrite.ts'
import { damaged, firstLine, Session, translated } from './session.ts'
import { openSnapshot, type WarehouseSnapshot } from './snapshot.ts'
import { stageColumns } from './stage-columns.ts'
import type { Parameters, Stageable, Warehouse } from './warehouse.ts'

/** What DuckDB holds in memory at most unless told otherwise, in MiB. */
const usualMegabytes = 1024

export interface WarehouseOptions {
  /** MiB that DuckDB holds at most, pages of the store that it may drop and what queries work on; default 1024. */
  readonly memoryMegabytes?: number
}

/**
 * Opens the store in `folder`, made if it is not there, at this version's schema.
 *
 * @throws RapportError `warehouse.owned` when a process has it open, `warehouse.newer` when a later version made it,
 * `warehouse.damaged` when the file is no store, `warehouse.folder` when there can be no such folder
 */
export async function openWarehouse(
  folder: string,
  { memoryMegabytes = usualMegabytes }: WarehouseOptions = {},
): Promise<Warehouse> {
  makeFolder(folder)
  const path = realpathSync(folder)
  const release = takeOwnership(path, version)
  try {
    const handovers = new HandoverFolder(path)
    const open = (): Promise<OpenFile> => openFile(path, handovers, memoryMegabytes)
    return new DuckdbWarehouse(path, { open, file: await open() }, handovers, release)
  } catch (error) {
    release()
    throw error
  }
}

/** The store's file while it is open. */
interface OpenFile {
  readonly instance: DuckDBInstance
  readonly session: Session
}

async function openFile(folder: string, handovers: HandoverFolder, memoryMegabytes: number): Promise<OpenFile> {
  const instance = await openInstance(folder, memoryMegabytes)
  const session = new Session(await instance.connect(), storeFile(folder))
  await session.run("set TimeZone = 'UTC'")
  await migrate(session)
  // From here on nothing in the store's queries can reach a file elsewhere or change these settings back.
  const readable = [handovers.path, logFolderOf(folder)].map((path) => duckdbDialect.text(`${path}/`))
  await session.run(`set allowed_directories = [${readable.join(', ')}]`)
  await session.run('set enable_external_access = false; set lock_configuration = true')
  return { instance, session }
}

const fileName = 'warehouse.duckdb'
const logFolderOf = (folder: string): string => join(folder, 'log')
/** The file of the store in `folder`. */
export const storeFile = (folder: string): string => join(folder, fileName)
const spillOf = (folder: string): string => join(folder, 'spill')

/** Opens the database in a store's folder. @throws RapportError as `openWarehouse` does */
export async function openInstance(folder: string, memoryMegabytes = usualMegabytes): Promise<DuckDBInstance> {
  const file = join(folder, fileName)
  try {
    return await DuckDBInstance.create(file, {
      memory_limit: `${memoryMegabytes}MiB`,
      temp_directory: spillOf(folder),
      preserve_insertion_order: 'false',
      // Each checkpoint writes the last row group anew: at DuckDB's 16 MB live events cost twice as much processor time.
      checkpoint_threshold: '128MB',
      // Of new stores: texts are compressed in one pass, in less room.
      storage_compatibility_version: 'v1.4.0',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (/could not set lock/i.test(message)) throw ownedBy(folder, readOwner(join(folder, 'owner.json')))
    const known = translated(error)
    if (known instanceof RapportError) throw known
    if (/permission denied|read-only file system/i.test(message)) {
      throw new RapportError(
        'warehouse.folder',
        `the file ${file} must be one that may be read and written, got: ${firstLine(message)}`,
        { cause: error },
      )
    }
    // Whatever else keeps DuckDB from opening a file lies in the file.
    throw damaged(file, error)
  }
}

/** How long a rewrite waits for an import or an analysis to end, ms. */
const longestWaitMs = 30 * 60_000

class DuckdbWarehouse implements Warehouse {
  readonly folder: string
  readonly logFolder: string
  readonly #open: () => Promise<OpenFile>
  #file: OpenFile
  /** Moments that somebody still reads: nothing they see may go. */
  #snapshots = 0
  readonly #handovers: HandoverFolder
  readonly #release: () => void
  /** Set while code of a transaction runs, so that its own calls pass and everybody else's wait. */
  readonly #inside = new AsyncLocalStorage<true>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    folder: string,
    { open, file }: { open: () => Promise<OpenFile>; file: OpenFile },
    handovers: HandoverFolder,
    release: () => void,
  ) {
    this.folder = folder
    this.logFolder = logFolderOf(folder)
    this.#open = open
    this.#file = file
    this.#handovers = handovers
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

  blobs(sql: string, work?: Work): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
    return this.#inTurn(() => this.#session.blobs(sql, work))
  }

  stage(name: string, columns: Stageable, work?: Work): Promise<void> {
    return this.#inTurn(() => stageColumns(this.#session.connection, name, columns, work))
  }

  handOver(reader: FileReader, sql: string, work?: Work): Promise<Handover> {
    return this.#handovers.write(reader, sql, work)
  }

  async pour(table: string, reader: FileReader, sql: string, work?: Work): Promise<number> {
    const handover = await this.handOver(reader, sql, work)
    try {
      return await this.#inTurn(() => insertRows(this.#session, table, handover, work))
    } finally {
      handover.drop()
    }
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

  async snapshot(): Promise<WarehouseSnapshot> {
    const snapshot = await openSnapshot(this.#file.instance, this.#handovers, (step) => this.#inTurn(step))
    this.#snapshots += 1
    return {
      ...snapshot,
      close: () => {
        this.#snapshots -= 1
        snapshot.close()
      },
    }
  }

  async rewrite(work?: Work): Promise<void> {
    if (this.#inside.getStore()) {
      throw new RapportError('warehouse.nested', 'the store must not be rewritten inside a transaction')
    }
    for (let waited = 0; !(await this.#inTurn(() => this.#rewriteUnlessInUse(work))); waited += 250) {
      stopIfAborted(work)
      if (waited >= longestWaitMs) {
        throw new RapportError(
          'warehouse.in-use',
          'no import, analysis or backup may run while the store is rewritten, got one that did not end: try again later',
        )
      }
      await wait(250)
    }
  }

  /** @returns false when work between two queries keeps something in the connection that is to be closed */
  async #rewriteUnlessInUse(work?: Work): Promise<boolean> {
    const [held] = await this.#session.rows<{ n: number }>('select count(*) as n from duckdb_tables() where temporary')
    if (held!.n > 0 || this.#snapshots > 0) return false
    const file = join(this.folder, fileName)
    const copy = this.#handovers.fresh('duckdb')
    work?.onProgress?.({ stage: 'rewrite the store', done: 0, total: 2 })
    await this.#session.run('checkpoint', undefined, work)
    this.#closeFile()
    try {
      // What was only in the log would come again in the new file.
      if (existsSync(`${file}.wal`)) throw damaged(file, new Error('its log must be empty after it was closed'))
      await copyStore(file, copy, spillOf(this.folder), work)
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'rewrite the store', done: 1, total: 2 })
      await swapIn(copy, file)
    } finally {
      removeFile(copy)
      rmSync(spillOf(this.folder), { recursive: true, force: true })
      await this.#reopenFile()
    }
    work?.onProgress?.({ stage: 'rewrite the store', done: 2, total: 2 })
    return true
  }

  #closeFile(): void {
    this.#session.connection.closeSync()
    this.#file.instance.closeSync()
  }

  async #reopenFile(): Promise<void> {
    this.#file = await this.#open()
  }

  checkpoint(): Promise<void> {
    // Where tables changed, DuckDB refuses it under an open snapshot; the log beside the file holds everything till then.
    return this.#inTurn(async () => {
      if (this.#snapshots === 0) await this.#session.run('checkpoint')
    })
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined)
    this.#session.connection.closeSync()
    this.#file.instance.closeSync()
    this.#handovers.empty()
    this.#release()
  }

  get #session(): Session {
    return this.#file.session
  }

  /** One query at a time: a second one would end the result that the first still streams. */
  #inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore()) return step()
    const turn = this.#last.then(step, step)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

/** Inserts what was handed over, once its columns are the table's. */
async function insertRows(session: Session, table: string, handover: Handover, work?: Work): Promise<number> {
  const into = duckdbDialect.identifier(table)
  const wanted = await columnsOf(session, into)
  const got = handover.columns
  const differs = wanted.findIndex((column, index) => column !== got[index])
  if (differs >= 0 || got.length !== wanted.length) {
    throw new RapportError(
      'warehouse.columns',
      `the rows for ${table} must have its columns in order, wanted ${wanted[differs]}, got ${got[differs]}`,
    )
  }
  await session.run(`insert into ${into} select * from ${handover.sql}`, undefined, work)
  return handover.rows
}
