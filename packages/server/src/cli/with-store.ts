import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError, readConfiguration } from '../base/index.ts'
import type { Privacy } from '../consent/index.ts'
import { recoverLog } from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { sourcesOf } from './configuration-of.ts'
import type { OpenPrivacy } from './serve.ts'
import { withState } from './with-state.ts'

/** Stores that this process has open already, by their real folder: commands that run in a server use its own. */
const lent = new Map<string, Warehouse>()

/** Lets commands of this process use a store that is open. @returns a function that ends it */
export function lendStore(warehouse: Warehouse, privacy: Privacy): () => void {
  lent.set(warehouse.folder, warehouse)
  lentPrivacy.set(warehouse, privacy)
  return () => lent.delete(warehouse.folder)
}

const lentPrivacy = new WeakMap<Warehouse, Privacy>()

/** Export and erasure on a store for one command: the server's own where this process serves it. */
export const withPrivacy = <Result>(
  folder: string,
  open: OpenPrivacy,
  use: (privacy: Privacy, state: State) => Promise<Result>,
): Promise<Result> =>
  withStore(folder, (warehouse) =>
    withState(folder, async (state) => {
      const configuration = readConfiguration(sourcesOf(folder))
      const privacy = lentPrivacy.get(warehouse) ?? (await open(warehouse, state, configuration))
      return use(privacy, state)
    }),
  )

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
