import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { RapportError } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import { knownSchema } from './migrate.ts'
import { storeFile } from './open-warehouse.ts'
import { isAlive, type Owner, ownStore, readOwner } from './owner.ts'
import { damaged, Session } from './session.ts'
import { readTables } from './stored-table.ts'

const { identifier } = duckdbDialect

/** Who has the store in `folder` open, or had when it was killed. */
export function ownerOf(folder: string): (Owner & { readonly isAlive: boolean }) | undefined {
  const owner = readOwner(join(folder, 'owner.json'))
  return owner && { ...owner, isAlive: isAlive(owner.pid) }
}

/**
 * Reads every row of a store that nobody has open, and changes nothing: not even its schema.
 *
 * @throws RapportError `warehouse.damaged`, `warehouse.newer`, `warehouse.owned`
 */
export async function inspectWarehouse(
  folder: string,
): Promise<{ readonly schema: number; readonly tables: number; readonly rows: number }> {
  const release = ownStore(folder)
  const file = storeFile(folder)
  try {
    const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY', memory_limit: '1GB' })
    try {
      const session = new Session(await instance.connect(), file)
      await session.run('set enable_external_access = false')
      const [last] = await session.rows<{ number: number }>('select max(number) as number from schema_migrations')
      const tables = await readTables(session)
      let rows = 0
      for (const { name } of tables) {
        const [read] = await session.rows<{ rows: number }>(
          `select count(*) as rows, count(hash(each)) as read from ${identifier(name)} as each`,
        )
        rows += read!.rows
      }
      if (last!.number > knownSchema()) {
        throw new RapportError(
          'warehouse.newer',
          `the store must be of schema ${knownSchema()} or older, got ${last!.number}: use the version that made it`,
        )
      }
      session.connection.closeSync()
      return { schema: last!.number, tables: tables.length, rows }
    } finally {
      instance.closeSync()
    }
  } catch (error) {
    throw error instanceof RapportError ? error : damaged(file, error)
  } finally {
    release()
  }
}
