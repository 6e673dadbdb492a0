import type { ImportKind } from '@rapport/protocol'
import { type Instant, now, RapportError } from '../base/index.ts'
import { refreshStandings } from '../consent/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { fillNonProducts } from './non-products.ts'

const query = readQueries(new URL('./batches.sql', import.meta.url))

/** One import, as the store remembers it. */
export interface Batch {
  readonly batchId: number
  readonly kind: ImportKind | 'demo'
  readonly files: readonly string[]
  readonly importedAt: Instant
  readonly read: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
  /** null unless the import was taken back. */
  readonly undoneAt: Instant | null
}

/** All imports, the first one first. */
export async function listBatches(warehouse: Warehouse): Promise<Batch[]> {
  const rows = await warehouse.rows<Omit<Batch, 'files'> & { files: string }>(query('list'))
  return rows.map((row) => ({ ...row, files: (JSON.parse(row.files) as { path: string }[]).map(({ path }) => path) }))
}

/**
 * Takes an import back: its records, consents and quarantine leave the store; the batch stays, marked as undone.
 *
 * @throws RapportError `ingestion.batch` when there is no such import, or it was undone before
 */
export async function undoImport(
  warehouse: Warehouse,
  batchId: number,
): Promise<{ batchId: number; kind: string; removed: number }> {
  const undone = await warehouse.transaction(async () => {
    const [batch] = await warehouse.rows<{ kind: string; accepted: number; undoneAt: Instant | null }>(query('one'), {
      batch: batchId,
    })
    if (!batch || batch.undoneAt !== null || batch.kind === 'demo') {
      const got = !batch ? 'one that is not there' : batch.kind === 'demo' ? 'the demo' : 'one that was undone before'
      throw new RapportError(
        'ingestion.batch',
        `a batch to undo must be an import of this store, got ${batchId}, ${got}`,
      )
    }
    for (const table of ['order_lines', 'events', 'customers', 'products', 'consents', 'quarantine']) {
      await warehouse.run(`delete from ${table} where batch_id = $batch`, { batch: batchId })
    }
    await warehouse.run(query('release_retried'), { batch: batchId })
    await warehouse.run(query('mark_undone'), { batch: batchId, at: { instant: now() } })
    await warehouse.run(query('forget_settings'))
    await fillNonProducts(warehouse)
    return { batchId, kind: batch.kind, removed: batch.accepted }
  })
  await refreshStandings(warehouse)
  return undone
}
