import { type Kysely, sql } from 'kysely'
import { RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { hasSchema, migrateState, migrateStateLike, tablesAfter } from './migrate.ts'
import { openDatabase } from './open-state.ts'
import type { StateRow } from './snapshot.ts'
import { translated } from './state-error.ts'

/** A state store that has been filled and is not yet the one in use. */
export interface RestoredState {
  /** Puts it in the place of what was there, all or nothing. */
  takeOver(): Promise<void>
  /** Removes what was made, unless it has taken over. */
  close(): Promise<void>
}

/** Where PostgreSQL holds what is being restored: apart from everything in use. */
const apart = 'rapport_restoring'

/**
 * Fills a new state store with what a snapshot read, in the schema of then, and brings it up to date.
 *
 * @param folder where there is no state store yet
 * @param url `postgres://…`: fills a schema of its own there, until it takes over
 * @throws RapportError `state.newer` when this version does not know the schema, `state.contents` when rows do not fit it, `state.disk-full`, `state.unreachable`
 */
export async function restoreState(
  folder: string,
  url: string | undefined,
  migrations: readonly string[],
  rowsOf: (table: string) => AsyncIterable<readonly StateRow[]>,
  work?: Work,
): Promise<RestoredState> {
  const admin = url === undefined ? undefined : openDatabase(folder, url)
  let database: Kysely<unknown> | undefined
  const close = async (): Promise<void> => {
    await database?.destroy()
    if (admin) await sql`drop schema if exists ${sql.id(apart)} cascade`.execute(admin)
    await admin?.destroy()
  }
  try {
    if (admin) {
      await sql`drop schema if exists ${sql.id(apart)} cascade`.execute(admin)
      await sql`create schema ${sql.id(apart)}`.execute(admin)
    }
    database = openDatabase(folder, url, admin && apart) as unknown as Kysely<unknown>
    const made = database
    await fitting('its schema', () => migrateStateLike(made, migrations, admin && apart))
    await fill(database, migrations, rowsOf, work)
    await fitting('its schema', () => migrateState(made, admin && apart))
    // SQLite's file is closed before anything is done with its folder.
    if (!admin) await database.destroy()
  } catch (error) {
    await close()
    throw translated(error)
  }
  return { close, takeOver: async () => (admin ? takeOver(admin as unknown as Kysely<unknown>) : undefined) }
}

async function fill(
  database: Kysely<unknown>,
  migrations: readonly string[],
  rowsOf: (table: string) => AsyncIterable<readonly StateRow[]>,
  work?: Work,
): Promise<void> {
  await database.transaction().execute(async (within) => {
    for (const table of await tablesAfter(migrations)) {
      // What the migrations themselves put there is among the rows.
      await within.deleteFrom(table as never).execute()
      for await (const rows of rowsOf(table)) {
        stopIfAborted(work)
        if (rows.length === 0) continue
        await fitting(table, () =>
          within
            .insertInto(table as never)
            .values(rows as never)
            .execute(),
        )
      }
    }
  })
}

/** What is given comes from a file: that it does not fit is a mistake of the file, not of ours. */
async function fitting(what: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step()
  } catch (error) {
    const known = translated(error)
    if (known instanceof RapportError) throw known
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError('state.contents', `what is restored into ${what} must fit it, got: ${got}`, { cause: error })
  }
}

/** In one transaction the tables that are there go, and the new ones come in their place. */
async function takeOver(admin: Kysely<unknown>): Promise<void> {
  await admin.transaction().execute(async (within) => {
    const { rows: names } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = ${apart}`.execute(within)
    const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(within)
    const schema = rows[0]?.schema
    if (schema === null || schema === undefined) {
      throw new RapportError('state.schema', 'PostgreSQL must have a schema that its user’s connections look in first')
    }
    for (const { name } of names) {
      await sql`drop table if exists ${sql.id(schema, name)}`.execute(within)
      await sql`alter table ${sql.id(apart, name)} set schema ${sql.id(schema)}`.execute(within)
    }
  })
}

/** Whether PostgreSQL holds no state store yet. @param url `postgres://…` */
export async function isStateEmpty(url: string): Promise<boolean> {
  const database = openDatabase('', url)
  try {
    return !(await hasSchema(database as unknown as Kysely<unknown>, url))
  } catch (error) {
    throw translated(error)
  } finally {
    await database.destroy()
  }
}
