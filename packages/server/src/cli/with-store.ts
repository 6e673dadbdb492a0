import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { RapportError, readConfiguration } from '../base/index.ts'
import { type Privacy, storeDefaults, syncConsents } from '../consent/index.ts'
import { shareDefinitions } from '../features/index.ts'
import { recoverLog } from '../ingestion/index.ts'
import { followingFeatureUses } from '../insights/index.ts'
import { openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { sourcesOf } from './configuration-of.ts'
import type { OpenPrivacy, Serving } from './serve.ts'
import { withState } from './with-state.ts'

/** What a server lends to the commands that it runs. */
interface Lent extends Pick<Serving, 'privacy' | 'record' | 'log' | 'plan' | 'port' | 'live' | 'declared'> {
  readonly warehouse: Warehouse
}

/** Stores that this process has open already, by their real folder: commands that run in a server use its own. */
const lent = new Map<string, Lent>()

/** Lets commands of this process use a store that is open, and what serves it. @returns a function that ends it */
export function lendStore(warehouse: Warehouse, serving: Omit<Lent, 'warehouse'>): () => void {
  const { privacy, record, log, plan, port, live, declared } = serving
  lent.set(warehouse.folder, { warehouse, privacy, record, log, plan, port, live, declared })
  return () => lent.delete(warehouse.folder)
}

/** Export and erasure on a store for one command: the server's own where this process serves it. */
export const withPrivacy = <Result>(
  folder: string,
  open: OpenPrivacy,
  use: (privacy: Privacy, state: State) => Promise<Result>,
): Promise<Result> =>
  withStore(folder, (warehouse) =>
    withState(folder, async (state) => {
      const configuration = readConfiguration(sourcesOf(folder))
      const privacy = lentWith(warehouse)?.privacy ?? (await open(warehouse, state, configuration))
      return use(privacy, state)
    }),
  )

const lentOf = (folder: string): Lent | undefined => (existsSync(folder) ? lent.get(realpathSync(folder)) : undefined)

/** Lets the server of this process, if it is one, know what was declared: its door keeps to it when this resolves. */
export const refreshPlanOf = async (folder: string): Promise<void> => lentOf(folder)?.plan.refresh()

/** The port on which this process serves the store; undefined when it does not. */
export const servedPortOf = (folder: string): number | undefined => lentOf(folder)?.port

/** What the server of this process lends of the store; undefined when it has it open for one command only. */
export const lentWith = ({ folder }: Warehouse): Omit<Lent, 'warehouse'> | undefined => lent.get(folder)

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
  const open = lentOf(folder)
  if (open) return use(open.warehouse)
  const isNew = !existsSync(join(folder, 'warehouse.duckdb'))
  const { warehouseMemoryMegabytes } = readConfiguration(sourcesOf(folder))
  const warehouse = await openWarehouse(folder, { memoryMegabytes: warehouseMemoryMegabytes })
  try {
    await recoverLog(warehouse, ({ message }) => process.stderr.write(`${message}\n`))
    await settle(folder, warehouse, isNew)
    return await use(warehouse)
  } finally {
    await warehouse.close()
  }
}

/**
 * What nobody has followed since a server ended is taken in, so that every command knows who refused and which features are
 * declared.
 */
async function settle(folder: string, warehouse: Warehouse, isNew: boolean): Promise<void> {
  const state = await openState(folder, readConfiguration(sourcesOf(folder)).stateUrl)
  try {
    // A store without a word on it is of before there were defaults, and for analytics only.
    if (isNew) await storeDefaults(state.queries, { rule: 'by-region', declared: null })
    await syncConsents(warehouse, state)
    await shareDefinitions(warehouse, state.queries)
    await followingFeatureUses(warehouse, state)()
  } finally {
    await state.close()
  }
}
