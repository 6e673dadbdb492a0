import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { RapportError } from '../base/index.ts'
import type { Session } from './session.ts'

const folder = new URL('./migrations/', import.meta.url)

const tableSql =
  'create table if not exists schema_migrations (number integer primary key, name varchar, checksum varchar)'

interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      name: file.slice(4, -4),
      sql: readFileSync(new URL(file, folder), 'utf8'),
    }))
}

/**
 * Brings a store to this version's schema, each migration in a transaction of its own.
 *
 * @throws RapportError `warehouse.newer` when a later version made the store, `warehouse.migration` when a migration
 * that the store has already run reads differently now
 */
export async function migrate(session: Session): Promise<void> {
  await session.run(tableSql)
  const done = await session.rows<{ number: number; checksum: string }>(
    'select number, checksum from schema_migrations order by number',
  )
  const migrations = readMigrations()
  const newest = done.at(-1)?.number ?? 0
  if (newest > migrations.at(-1)!.number) {
    throw new RapportError(
      'warehouse.newer',
      `the store must be of schema ${migrations.at(-1)!.number} or older, got schema ${newest}: a later version of rapport made it`,
    )
  }
  for (const migration of migrations) {
    const checksum = checksumOf(migration)
    const before = done.find(({ number }) => number === migration.number)
    if (!before) await runMigration(session, migration)
    else if (before.checksum !== checksum) {
      throw new RapportError('warehouse.migration', `migration ${migration.number} must read as it did when it ran`)
    }
  }
}

/**
 * Brings an empty store to the schema that another one has, which ran these migrations.
 *
 * @throws RapportError `warehouse.newer` when this version does not know one of them as it was
 */
export async function runMigrations(
  session: Session,
  wanted: readonly { readonly number: number; readonly checksum: string }[],
): Promise<void> {
  await session.run(tableSql)
  const known = readMigrations()
  for (const { number, checksum } of wanted) {
    const migration = known.find((each) => each.number === number)
    if (!migration || checksumOf(migration) !== checksum) {
      throw new RapportError(
        'warehouse.newer',
        `the store must be of a schema that this version knows, got one with migration ${number} of another: use the version that wrote it, or a later one`,
      )
    }
    await runMigration(session, migration)
  }
}

/** The number of this version's last migration. */
export const knownSchema = (): number => readMigrations().at(-1)!.number

const checksumOf = ({ sql }: Migration): string => createHash('sha256').update(sql).digest('hex')

async function runMigration(session: Session, migration: Migration): Promise<void> {
  const { number, name } = migration
  await session.run('begin')
  await session.run(migration.sql)
  await session.run('insert into schema_migrations values ($number, $name, $checksum)', {
    ...{ number, name, checksum: checksumOf(migration) },
  })
  await session.run('commit')
}
