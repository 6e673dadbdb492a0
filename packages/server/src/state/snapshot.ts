import { type Kysely, sql } from 'kysely'
import { RapportError } from '../base/index.ts'
import { migrationsIn, tablesAfter } from './migrate.ts'
import { openDatabase } from './open-state.ts'
import { translated } from './state-error.ts'

/** What the state store holds of a row: text, a number, or nothing. */
export type StateValue = string | number | null
export type StateRow = Readonly<Record<string, StateValue>>

/** The state store as it was at one moment, while others go on writing into it. */
export interface StateSnapshot {
  readonly database: 'sqlite' | 'postgres'
  /** Names of the migrations that it has run, in their order. */
  readonly migrations: readonly string[]
  readonly tables: readonly string[]
  /** A table's rows, some hundred at a time. @throws RapportError `state.value` for what JSON could not hold */
  rows(table: string): AsyncGenerator<readonly StateRow[]>
  close(): Promise<void>
}

/** Read at a time: about a millisecond of SQLite's work, which holds the thread. */
const rowsAtOnce = 250

/**
 * Opens a connection and a transaction of its own on the state store, which sees nothing of what is committed later.
 *
 * @param url `postgres://…`; without one the store is in `folder`
 */
export async function openStateSnapshot(folder: string, url?: string): Promise<StateSnapshot> {
  const database = openDatabase(folder, url)
  const kind = url === undefined ? 'sqlite' : 'postgres'
  try {
    const beginning = database.startTransaction()
    const within = await (kind === 'sqlite' ? beginning : beginning.setIsolationLevel('repeatable read')).execute()
    // The moment is that of the first read.
    const migrations = await migrationsIn(within as unknown as Kysely<unknown>)
    return {
      ...{ database: kind, migrations, tables: await tablesAfter(migrations) },
      rows: (table) => (kind === 'sqlite' ? rowsOfSqlite : rowsOfPostgres)(within as unknown as Kysely<unknown>, table),
      close: async () => {
        await within.rollback().execute()
        await database.destroy()
      },
    }
  } catch (error) {
    await database.destroy()
    throw translated(error)
  }
}

async function* rowsOfSqlite(database: Kysely<unknown>, table: string): AsyncGenerator<readonly StateRow[]> {
  for (let last = -1; ; ) {
    const { rows } = await sql<StateRow & { rowid_: number }>`
      select rowid as rowid_, * from ${sql.table(table)} where rowid > ${last} order by rowid limit ${rowsAtOnce}
    `.execute(database)
    if (rows.length === 0) return
    last = rows.at(-1)!.rowid_
    yield rows.map(({ rowid_: _, ...row }) => checked(table, row as StateRow))
  }
}

async function* rowsOfPostgres(database: Kysely<unknown>, table: string): AsyncGenerator<readonly StateRow[]> {
  await sql`declare snapshot_rows no scroll cursor for select * from ${sql.table(table)}`.execute(database)
  try {
    for (;;) {
      const { rows } = await sql<StateRow>`fetch ${sql.lit(rowsAtOnce)} from snapshot_rows`.execute(database)
      if (rows.length === 0) return
      yield rows.map((row) => checked(table, row))
    }
  } finally {
    await sql`close snapshot_rows`.execute(database)
  }
}

function checked(table: string, row: StateRow): StateRow {
  for (const [column, value] of Object.entries(row)) {
    if (value === null || typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) continue
    throw new RapportError('state.value', `${table}.${column} must hold text or a number, got ${typeof value}`)
  }
  return row
}
