import { join } from 'node:path'
import { Kysely } from 'kysely'
import { migrateState } from './migrate.ts'
import { postgresDialect } from './postgres.ts'
import { sqliteDialect } from './sqlite.ts'
import type { State } from './state.ts'
import { translated } from './state-error.ts'
import type { StateTables } from './tables.ts'

/**
 * Opens the state store at this version's schema: SQLite in `folder`, or PostgreSQL where `url` names one.
 *
 * @param url `postgres://…`
 * @throws RapportError `state.damaged`, `state.newer`, `state.unreachable` when PostgreSQL does not answer
 */
export async function openState(folder: string, url?: string): Promise<State> {
  const dialect = url === undefined ? sqliteDialect(join(folder, 'state.sqlite')) : postgresDialect(url)
  const queries = new Kysely<StateTables>({ dialect })
  try {
    await migrateState(queries as Kysely<unknown>)
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
    close: () => queries.destroy(),
  }
}
