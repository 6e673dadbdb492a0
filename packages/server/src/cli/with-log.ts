import { syncConsents } from '../consent/index.ts'
import { appendCalls, type EventLog, openEventLog } from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { lentWith, withStore } from './with-store.ts'

/** Resolves when everything that was acknowledged is in the store; where nobody writes to its log, it is once it is open. */
export const settleLog = async (warehouse: Warehouse): Promise<void> => lentWith(warehouse)?.log.settle()

/** Uses the log of an open store: that of the server where this process is one, else one that is opened for the moment. */
export async function usingLog<Result>(warehouse: Warehouse, use: (log: EventLog) => Promise<Result>): Promise<Result> {
  const served = lentWith(warehouse)
  if (served) return use(served.log)
  const log = await openEventLog(warehouse)
  try {
    return await use(log)
  } finally {
    await log.close()
  }
}

/**
 * Opens the store and its event log for one command and closes them whatever happens.
 *
 * @throws RapportError `cli.no-store` when `folder` holds no store
 */
export const withLog = <Result>(
  folder: string,
  use: (warehouse: Warehouse, log: EventLog) => Promise<Result>,
): Promise<Result> => withStore(folder, (warehouse) => usingLog(warehouse, (log) => use(warehouse, log)))

/** Records calls in the log of an open store: through the server where one runs. */
export async function recordCalls(warehouse: Warehouse, state: State, calls: readonly object[]): Promise<void> {
  const served = lentWith(warehouse)
  if (served) return served.record(calls)
  await usingLog(warehouse, (log) => appendCalls(log, calls))
  await syncConsents(warehouse, state)
}
