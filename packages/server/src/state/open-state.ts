import { join } from 'node:path'
import { Kysely } from 'kysely'
import { compactPostgres, compactSqlite } from './compact.ts'
import { migrateState } from './migrate.ts'
import { postgresDialect } from './postgres.ts'
import { sqliteDialect } from './sqlite.ts'
import type { State } from './state.ts'
import { translated } from './state-error.ts'
import { checkStateHome, noteStateHome } from './state-home.ts'
import type { StateTables } from './tables.ts'

const fileName = 'state.sqlite'

/**
 * Opens the state store at this version's schema: SQLite in `folder`, or PostgreSQL where `url` names one.
 *
 * @param url `postgres://…`
 * @throws RapportError `state.damaged`, `state.newer`, `state.unreachable` when PostgreSQL does not answer,
 * `state.elsewhere` when the store's state is in another database
 */
export async function openState(folder: string, url?: string): Promise<State> {
  checkStateHome(folder, url)
  const queries = openDatabase(folder, url)
  try {
    await migrateState(queries as Kysely<unknown>)
    noteStateHome(folder, url)
  } catch (error) {
    await queries.destroy()
    throw translated(error)
  }
  return {
    database: url === undefined ? 'sqlite' : 'postgres',
    queries,
    transaction: async (work) => {
      try {
        return await queries.transaction().execute(work)
      } catch (error) {
        throw translated(error)
      }
    },
    compact: async () => {
      try {
        await (url === undefined ? compactSqlite(queries, join(folder, fileName)) : compactPostgres(queries))
      } catch (error) {
        throw translated(error)
      }
    },
    close: () => queries.destroy(),
  }
}

/**
 * The database itself, in whatever schema it is.
 *
 * @param schema where in PostgreSQL the tables are. Default: where the user's connection looks first
 */
export function openDatabase(folder: string, url?: string, schema?: string): Kysely<StateTables> {
  const dialect = url === undefined ? sqliteDialect(join(folder, fileName)) : postgresDialect(url, schema)
  return new Kysely<StateTables>({ dialect })
}
