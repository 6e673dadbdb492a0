import type { ImportKind } from '@rapport/protocol'
import { now, type Work } from '../base/index.ts'
import { type FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import type { RecordPlan } from './kinds/record-plan.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** What the batch row says of an import. */
export interface BatchEntry {
  readonly kind: ImportKind
  readonly files: string
  readonly mapping: string
  readonly options: string
  readonly read: number
  readonly accepted: number
  readonly duplicates: number
  readonly quarantined: number
}

/** @returns rows of `keyed` that the store has already, now in the reader's table `known` (file_index, row_number) */
export async function findKnown(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  work?: Work,
): Promise<number> {
  const key = plan.table === 'events' ? 'event_key' : 'line_key'
  await reader.run('create table known (file_index integer, row_number bigint)')
  const [held] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${plan.table}`)
  if (held!.n === 0) return 0
  await warehouse.run('create or replace temp table import_keys (key uhugeint, file_index integer, row_number bigint)')
  try {
    await warehouse.pour('import_keys', reader, 'select key, file_index, row_number from keyed', undefined, work)
    const known = await warehouse.columns(
      `select file_index, row_number from import_keys where key in (select ${key} from ${plan.table})`,
      undefined,
      work,
    )
    if (known.rows > 0) {
      await reader.stage('known', {
        file_index: Int32Array.from(known.numbers('file_index')),
        row_number: BigInt64Array.from(known.numbers('row_number'), BigInt),
      })
    }
    return known.rows
  } finally {
    await warehouse.run('drop table if exists import_keys')
  }
}

/** Writes the batch, its records and its quarantine, all or nothing. @returns the batch's number */
export async function writeBatch(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  entry: BatchEntry,
  inside: (batch: number) => Promise<void>,
  work?: Work,
): Promise<number> {
  return warehouse.transaction(async () => {
    const [next] = await warehouse.rows<{ batch_id: number }>(query('next_batch'))
    const batch = next!.batch_id
    await warehouse.run(query('insert_batch'), { batch, imported_at: { instant: now() }, ...entry })
    work?.onProgress?.({ stage: 'write records', done: 0, total: entry.accepted })
    if (entry.accepted > 0) {
      await warehouse.pour(
        plan.table,
        reader,
        `select ${Object.entries(plan.row)
          .map(([name, sql]) => `${sql.replaceAll('$batch', String(batch))} as ${name}`)
          .join(', ')} from fresh`,
        undefined,
        work,
      )
    }
    if (entry.quarantined > 0) {
      await warehouse.pour('quarantine', reader, `select ${batch}::integer as batch_id, * from bad`, undefined, work)
    }
    await inside(batch)
    return batch
  })
}
