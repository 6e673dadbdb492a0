import { type EventLog, openEventLog } from '../ingestion/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { withStore } from './with-store.ts'

/** Logs that this process writes to already, by their store's real folder: two of them would give places twice. */
const lent = new Map<string, EventLog>()

/** Lets commands of this process write to a log that is open. @returns a function that ends it */
export function lendLog({ folder }: Warehouse, log: EventLog): () => void {
  lent.set(folder, log)
  return () => lent.delete(folder)
}

/** Resolves when everything that was acknowledged is in the store; where nobody writes to its log, it is once it is open. */
export const settleLog = async ({ folder }: Warehouse): Promise<void> => lent.get(folder)?.settle()

/**
 * Opens the store and its event log for one command and closes them whatever happens.
 *
 * @throws RapportError `cli.no-store` when `folder` holds no store
 */
export const withLog = <Result>(
  folder: string,
  use: (warehouse: Warehouse, log: EventLog) => Promise<Result>,
): Promise<Result> =>
  withStore(folder, async (warehouse) => {
    const open = lent.get(warehouse.folder)
    if (open) return use(warehouse, open)
    const log = await openEventLog(warehouse)
    try {
      return await use(warehouse, log)
    } finally {
      await log.close()
    }
  })
