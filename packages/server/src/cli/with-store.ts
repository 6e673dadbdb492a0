import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError } from '../base/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'

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
  const warehouse = await openWarehouse(folder)
  try {
    return await use(warehouse)
  } finally {
    await warehouse.close()
  }
}
