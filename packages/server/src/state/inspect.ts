import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, SqliteDialect, sql } from 'kysely'
import Database from 'libsql'
import { countFailedEvents } from './failed-events.ts'
import { hasSchema, knownMigrations, migrationsIn } from './migrate.ts'
import { openDatabase } from './open-state.ts'
import { translated } from './state-error.ts'
import { checkStateHome, checkStateOwner } from './state-home.ts'
import type { StateTables } from './tables.ts'

export interface StateInspection {
  /** Names of the migrations that it has run; none when there is no state yet. */
  readonly migrations: readonly string[]
  /** Those among them that this version does not know. */
  readonly unknown: readonly string[]
  /** What SQLite's own check says is wrong with the file. */
  readonly faults: readonly string[]
  /** Events that a follower of the log put aside: it could not take them in. */
  readonly setAside: number
  /** How long one question takes. */
  readonly milliseconds: number
}

/**
 * Looks at the state store and changes nothing: not even its schema.
 *
 * @param url `postgres://…`; without one it is in `folder`
 * @throws RapportError `state.unreachable`, `state.refused`, `state.elsewhere`
 */
export async function inspectState(folder: string, url: string | undefined, readsAll = true): Promise<StateInspection> {
  checkStateHome(folder, url)
  const file = join(folder, 'state.sqlite')
  if (url === undefined && !existsSync(file))
    return { migrations: [], unknown: [], faults: [], setAside: 0, milliseconds: 0 }
  const database = url === undefined ? readOnly(file) : (openDatabase(folder, url) as unknown as Kysely<unknown>)
  try {
    const began = performance.now()
    await sql`select 1`.execute(database)
    const milliseconds = performance.now() - began
    const faults = url === undefined && readsAll ? await faultsOf(database) : []
    const migrations = faults.length > 0 || !(await hasSchema(database, url)) ? [] : await migrationsIn(database)
    const setAside = migrations.includes('009-identity')
      ? await countFailedEvents(database as unknown as Kysely<StateTables>)
      : 0
    if (url !== undefined) await checkStateOwner(folder, database as unknown as Kysely<StateTables>)
    const unknown = migrations.filter((name) => !knownMigrations.includes(name))
    return { migrations, unknown, faults, setAside, milliseconds }
  } catch (error) {
    throw translated(error)
  } finally {
    await database.destroy()
  }
}

const readOnly = (file: string): Kysely<unknown> =>
  new Kysely({ dialect: new SqliteDialect({ database: new Database(file, { readonly: true }) }) })

async function faultsOf(database: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(5)`.execute(database)
  return rows.map(({ quick_check }) => quick_check).filter((said) => said !== 'ok')
}
