import { join } from 'node:path'
import { Kysely, sql, type Transaction } from 'kysely'
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
 * `state.elsewhere` when the store's state is in another database, or that database holds another store's
 */
export async function openState(folder: string, url?: string): Promise<State> {
  checkStateHome(folder, url)
  const queries = openDatabase(folder, url)
  try {
    await migrateState(queries as Kysely<unknown>)
    await noteStateHome(folder, url, queries)
  } catch (error) {
    await queries.destroy()
    throw translated(error)
  }
  return {
    database: url === undefined ? 'sqlite' : 'postgres',
    queries,
    transaction: (work) => inOurWords(queries.transaction().execute(work)),
    replayable: (work) =>
      inOurWords(url === undefined ? unsyncedSqlite(queries, work) : unsyncedPostgres(queries, work)),
    compact: () =>
      inOurWords(url === undefined ? compactSqlite(queries, join(folder, fileName)) : compactPostgres(queries)),
    close: () => queries.destroy(),
  }
}

/** Faults of the database are told as ours. */
async function inOurWords<Result>(done: Promise<Result>): Promise<Result> {
  try {
    return await done
  } catch (error) {
    throw translated(error)
  }
}

type Step<Result> = (queries: Transaction<StateTables>) => Promise<Result>

/** SQLite holds the thread until a commit is on disk; without that wait it still keeps the order of commits. */
const unsyncedSqlite = <Result>(queries: Kysely<StateTables>, work: Step<Result>): Promise<Result> =>
  queries.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection)
    try {
      return await connection.transaction().execute(work)
    } finally {
      await sql`pragma synchronous = full`.execute(connection)
    }
  })

const unsyncedPostgres = <Result>(queries: Kysely<StateTables>, work: Step<Result>): Promise<Result> =>
  queries.transaction().execute(async (transaction) => {
    await sql`set local synchronous_commit to off`.execute(transaction)
    return work(transaction)
  })

/**
 * The database itself, in whatever schema it is.
 *
 * @param schema where in PostgreSQL the tables are. Default: where the user's connection looks first
 */
export function openDatabase(folder: string, url?: string, schema?: string): Kysely<StateTables> {
  const dialect = url === undefined ? sqliteDialect(join(folder, fileName)) : postgresDialect(url, schema)
  return new Kysely<StateTables>({ dialect })
}
