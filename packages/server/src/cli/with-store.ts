import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '../base/index.ts'
import { recoverLog } from '../ingestion/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'

/** Stores that this process has open already, by their real folder: commands that run in a server use its own. */
const lent = new Map<string, Warehouse>()

/** Lets commands of this process use a store that is open. @returns a function that ends it */
export function lendStore(warehouse: Warehouse): () => void {
  lent.set(warehouse.folder, warehouse)
  return () => lent.delete(warehouse.folder)
}

/**
 * Opens the store for one command and closes it whatever happens.
 *
 * @throws RapportError `cli.no-store` when `folder` holds no store
 */
export async function withStore<Result>(
  folder: string,
  use: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(join(folder, 'warehouse.duckdb'))) {
    throw new RapportError(
      'cli.no-store',
      `${folder} must hold a store, got none: rapport start makes one with a demo shop, rapport import one of your own`,
    )
  }
  return withNewStore(folder, use)
}

/** The same, making the store where there is none. */
export async function withNewStore<Result>(
  folder: string,
  use: (warehouse: Warehouse) => Promise<Result>,
): Promise<Result> {
  const open = existsSync(folder) ? lent.get(realpathSync(folder)) : undefined
  if (open) return use(open)
  const warehouse = await openWarehouse(folder)
  try {
    await recoverLog(warehouse, ({ message }) => process.stderr.write(`${message}\n`))
    return await use(warehouse)
  } finally {
    await warehouse.close()
  }
}
