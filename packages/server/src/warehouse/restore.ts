import { RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { checkSequences, checkTables } from './check-contents.ts'
import { duckdbDialect } from './dialect.ts'
import { makeFolder } from './make-folder.ts'
import { runMigrations } from './migrate.ts'
import { openInstance, storeFile } from './open-warehouse.ts'
import { firstLine, Session } from './session.ts'
import type { RunMigration } from './snapshot.ts'
import { readColumn, readTables, type StoredTable, typeSql } from './stored-table.ts'

const { identifier, text } = duckdbDialect

/** What a store held, in the schema that it had then. */
export interface WarehouseContents {
  readonly migrations: readonly RunMigration[]
  readonly tables: readonly StoredTable[]
  /** The number that each sequence gives next. */
  readonly sequences: Readonly<Record<string, number>>
}

/**
 * Makes a store in `folder` that holds what a snapshot wrote, in the schema of then; opening it brings it up to date.
 *
 * @param folder where there is no store yet; useless when this throws
 * @param filesOf the Parquet files of a table, by their paths
 * @param allowed the folder in which all of them are
 * @returns rows of each table
 * @throws RapportError `warehouse.newer` when this version does not know the schema, `warehouse.contents` when it is
 * not what a snapshot wrote, `warehouse.disk-full`
 */
export async function restoreWarehouse(
  folder: string,
  { migrations, tables, sequences }: WarehouseContents,
  filesOf: (table: string) => AsyncIterable<string>,
  allowed: string,
  work?: Work,
): Promise<ReadonlyMap<string, number>> {
  makeFolder(folder)
  const instance = await openInstance(folder)
  try {
    const session = new Session(await instance.connect(), storeFile(folder))
    await session.run("set TimeZone = 'UTC'")
    await session.run(`set allowed_directories = [${text(`${allowed}/`)}]; set enable_external_access = false`)
    await fitting('its schema', () => runMigrations(session, migrations))
    const counts = new Map<string, number>()
    const made = new Map((await readTables(session)).map((table) => [table.name, table]))
    checkTables(tables, made)
    await checkSequences(sequences, session)
    for (const table of tables) {
      stopIfAborted(work)
      const into = identifier(table.name)
      // Tables that no migration makes are made by an analysis: they are what their columns say.
      if (made.has(table.name)) await session.run(`delete from ${into}`)
      else await fitting(table.name, () => session.run(createSql(table)))
      for await (const file of filesOf(table.name))
        await fitting(table.name, () => insertFile(session, table, file, work))
      const [counted] = await session.rows<{ rows: number }>(`select count(*) as rows from ${into}`)
      counts.set(table.name, counted!.rows)
    }
    for (const [name, next] of Object.entries(sequences)) await session.run(sequenceSql(name, next))
    await session.run('checkpoint')
    session.connection.closeSync()
    return counts
  } finally {
    instance.closeSync()
  }
}

function createSql({ name, columns }: StoredTable): string {
  const definitions = columns.map((column) => `${identifier(column.name)} ${typeSql(column)}`)
  return `create table ${identifier(name)} (${definitions.join(', ')})`
}

/** What is given comes from a file: that it does not fit is a mistake of the file, not of ours. */
async function fitting(what: string, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (error instanceof RapportError) throw error
    const got = firstLine(error instanceof Error ? error.message : String(error))
    throw new RapportError('warehouse.contents', `what is restored into ${what} must fit it, got: ${got}`, {
      cause: error,
    })
  }
}

async function insertFile(session: Session, table: StoredTable, file: string, work?: Work): Promise<void> {
  const names = table.columns.map(({ name }) => identifier(name)).join(', ')
  const values = table.columns.map(readColumn).join(', ')
  await session.run(
    `insert into ${identifier(table.name)} (${names}) select ${values} from read_parquet(${text(file)})`,
    undefined,
    work,
  )
}

const sequenceSql = (name: string, next: number): string =>
  `create or replace sequence ${identifier(name)} start ${next}`
