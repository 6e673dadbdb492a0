import { DuckDBInstance } from '@duckdb/node-api'
import type { Work } from '../base/index.ts'
import type { Columns } from './columns.ts'
import { Session } from './session.ts'
import { stageColumns } from './stage-columns.ts'
import type { Parameters, Stageable } from './warehouse.ts'

/**
 * A database in memory, apart from every store, in which files from outside are read and checked. It may read files; a
 * store may not.
 */
export class FileReader {
  readonly session: Session
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance, session: Session) {
    this.#instance = instance
    this.session = session
  }

  /** @param spillFolder where what does not fit into memory goes */
  static async open(spillFolder: string): Promise<FileReader> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: '1GB',
      temp_directory: spillFolder,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const session = new Session(await instance.connect())
    await session.run("set TimeZone = 'UTC'")
    return new FileReader(instance, session)
  }

  run(sql: string, parameters?: Parameters, work?: Work): Promise<void> {
    return this.session.run(sql, parameters, work)
  }

  rows<Row extends object>(sql: string, parameters?: Parameters, work?: Work): Promise<Row[]> {
    return this.session.rows(sql, parameters, work)
  }

  columns(sql: string, parameters?: Parameters, work?: Work): Promise<Columns> {
    return this.session.columns(sql, parameters, work)
  }

  stage(name: string, columns: Stageable, work?: Work): Promise<void> {
    return stageColumns(this.session.connection, name, columns, work)
  }

  close(): void {
    this.session.connection.closeSync()
    this.#instance.closeSync()
  }
}
