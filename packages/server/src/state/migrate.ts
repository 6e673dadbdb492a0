import { Kysely, type Migration, Migrator, SqliteDialect, sql } from 'kysely'
import Database from 'libsql'
import { RapportError } from '../base/index.ts'
import { first } from './migrations/001-first.ts'
import { access } from './migrations/002-access.ts'
import { trackingPlan } from './migrations/004-tracking-plan.ts'
import { sources } from './migrations/005-sources.ts'
import { webhooks } from './migrations/006-webhooks.ts'
import { erasure } from './migrations/007-erasure.ts'
import { identity } from './migrations/009-identity.ts'
import { features } from './migrations/013-features.ts'
import { segments } from './migrations/014-segments.ts'
import { receivers } from './migrations/017-receivers.ts'

/** In order; what has been released is frozen, a change is a new one. */
const migrations: Readonly<Record<string, Migration>> = {
  '001-first': first,
  '002-access': access,
  '004-tracking-plan': trackingPlan,
  '005-sources': sources,
  '006-webhooks': webhooks,
  '007-erasure': erasure,
  '009-identity': identity,
  '013-features': features,
  '014-segments': segments,
  '017-receivers': receivers,
}

/** Names of the migrations that this version knows, in their order. */
export const knownMigrations: readonly string[] = Object.keys(migrations)

/**
 * Brings the state store to this version's schema; two processes that start at once wait for each other.
 *
 * @param schema where in PostgreSQL the tables are. Default: where the user's connections look first
 * @throws RapportError `state.newer` when a later version of rapport made it
 */
export async function migrateState(database: Kysely<unknown>, schema?: string): Promise<void> {
  await run(database, migrations, schema)
}

/**
 * Brings an empty state store to the schema that another one has, which ran these migrations.
 *
 * @throws RapportError `state.newer` when this version does not know one of them
 */
export async function migrateStateLike(
  database: Kysely<unknown>,
  names: readonly string[],
  schema?: string,
): Promise<void> {
  const unknown = names.find((name) => !Object.hasOwn(migrations, name))
  if (unknown !== undefined) throw newer(`one with migration ${unknown}`)
  await run(database, Object.fromEntries(names.map((name) => [name, migrations[name]!])), schema)
}

/** Whether there is a state store where the connection looks first. @param url `postgres://…`; without one it is SQLite */
export async function hasSchema(database: Kysely<unknown>, url: string | undefined): Promise<boolean> {
  const { rows } = await (url === undefined
    ? sql`select 1 from sqlite_master where name = 'kysely_migration'`
    : sql`select 1 from information_schema.tables where table_schema = current_schema() and table_name = 'kysely_migration'`
  ).execute(database)
  return rows.length > 0
}

/** Names of the migrations that a state store has run, in their order. */
export async function migrationsIn(database: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(database)
  return rows.map(({ name }) => name)
}

/** The tables that a state store has after these migrations, in the order of their names: what else a database holds is not ours. */
export async function tablesAfter(names: readonly string[]): Promise<string[]> {
  const empty = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  try {
    await migrateStateLike(empty, names)
    return (await empty.introspection.getTables()).map(({ name }) => name).sort()
  } finally {
    await empty.destroy()
  }
}

async function run(
  database: Kysely<unknown>,
  wanted: Readonly<Record<string, Migration>>,
  schema?: string,
): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...wanted }) },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  })
  const { error } = await migrator.migrateToLatest()
  if (error === undefined) return
  const message = error instanceof Error ? error.message : String(error)
  if (/corrupted migrations/i.test(message)) throw newer(`one of a later version: ${message}`, error)
  throw error
}

const newer = (got: string, cause?: unknown): RapportError =>
  new RapportError(
    'state.newer',
    `the state store must be of schema ${Object.keys(migrations).at(-1)} or older, got ${got}`,
    { cause },
  )
