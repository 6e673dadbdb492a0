import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { RapportError } from '../base/index.ts'
import type { Session } from './session.ts'

const folder = new URL('./migrations/', import.meta.url)

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
  await session.run(
    'create table if not exists schema_migrations (number integer primary key, name varchar, checksum varchar)',
  )
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
    const checksum = createHash('sha256').update(migration.sql).digest('hex')
    const before = done.find(({ number }) => number === migration.number)
    if (before) {
      if (before.checksum === checksum) continue
      throw new RapportError('warehouse.migration', `migration ${migration.number} must read as it did when it ran`)
    }
    await session.run('begin')
    await session.run(migration.sql)
    await session.run('insert into schema_migrations values ($number, $name, $checksum)', {
      number: migration.number,
      name: migration.name,
      checksum,
    })
    await session.run('commit')
  }
}
