import type { Work } from '../base/index.ts'
import type { Warehouse } from './warehouse.ts'

/**
 * The same store, with every query that is not given work of its own stopped when `work` is.
 *
 * What runs after the stop (a `finally` that drops its tables) still runs.
 *
 * @example
 * const inner = stoppable(warehouse, work)
 * await inner.rows('select count(*) as n from events') // interrupted by work.signal
 */
export function stoppable(warehouse: Warehouse, work: Work | undefined): Warehouse {
  const signal = work?.signal
  if (!signal) return warehouse
  const own = (given: Work | undefined): Work | undefined => given ?? (signal.aborted ? undefined : { signal })
  return {
    folder: warehouse.folder,
    logFolder: warehouse.logFolder,
    run: (sql, parameters, given) => warehouse.run(sql, parameters, own(given)),
    rows: (sql, parameters, given) => warehouse.rows(sql, parameters, own(given)),
    columns: (sql, parameters, given) => warehouse.columns(sql, parameters, own(given)),
    blobs: (sql, given) => warehouse.blobs(sql, own(given)),
    stage: (name, columns, given) => warehouse.stage(name, columns, own(given)),
    handOver: (reader, sql, given) => warehouse.handOver(reader, sql, own(given)),
    pour: (table, reader, sql, given) => warehouse.pour(table, reader, sql, own(given)),
    transaction: (steps) => warehouse.transaction(steps),
    snapshot: () => warehouse.snapshot(),
    checkpoint: () => warehouse.checkpoint(),
    rewrite: (given) => warehouse.rewrite(own(given)),
    close: () => warehouse.close(),
  }
}
