import type { ImportKind } from '@rapport/protocol'
import { now, type Work } from '../base/index.ts'
import { type Columns, type FileReader, type Handover, readQueries, type Warehouse } from '../warehouse/index.ts'
import { unchangedProducts } from './catalogue/unchanged-products.ts'
import type { RecordPlan } from './kinds/record-plan.ts'
import type { ParsedRecords } from './plan-records.ts'

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
  readonly refused: number
}

/**
 * Finds the records that the store has already, for the reader's table `known` (file_index, row_number).
 *
 * @param fingerprints SHA-256 of each file: of tables whose latest rows hold, a file that was taken before is known as a whole
 * @returns how many there are
 */
export async function findKnown(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  records: ParsedRecords,
  fingerprints: readonly string[],
  work?: Work,
): Promise<number> {
  await reader.run('create table known (file_index integer, row_number bigint)')
  const [held] = await warehouse.rows<{ isEmpty: boolean }>(
    `select not exists (select 1 from ${plan.table}) as "isEmpty"`,
  )
  if (held!.isEmpty) return 0
  const known = await (plan.isLatest
    ? findLatest(warehouse, reader, plan, fingerprints, work)
    : findKeys(warehouse, plan, records, work))
  if (known.rows > 0) {
    await reader.stage('known', {
      file_index: Int32Array.from(known.numbers('file_index')),
      row_number: BigInt64Array.from(known.numbers('row_number'), BigInt),
    })
  }
  return known.rows
}

function findKeys(warehouse: Warehouse, plan: RecordPlan, records: ParsedRecords, work?: Work): Promise<Columns> {
  const key = plan.table === 'events' ? 'event_key' : 'line_key'
  return warehouse.columns(
    `select file_index, row_number from (${records.sql}) where key in (select ${key} from ${plan.table})`,
    undefined,
    work,
  )
}

async function findLatest(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  fingerprints: readonly string[],
  work?: Work,
): Promise<Columns> {
  const { table } = plan
  const id = Object.keys(plan.row)[0]!
  const compared = Object.keys(plan.row).filter((name) => name !== 'batch_id' && name !== id && name !== 'known_at')
  await warehouse.run(
    `create or replace temp table import_rows as select *, 0::integer as file_index, 0::bigint as row_number from ${table} limit 0`,
  )
  try {
    await warehouse.pour(
      'import_rows',
      reader,
      `select ${rowSql(plan, 0)}, file_index, row_number from keyed
      where (file_index, row_number) not in (from twins)`,
      work,
    )
    const before = await warehouse.rows<{ files: string }>(query('files_before'), {
      kind: table,
    })
    const taken = new Set(
      before.flatMap(({ files }) => (JSON.parse(files) as { sha256: string }[]).map((file) => file.sha256)),
    )
    const whole = fingerprints.flatMap((fingerprint, index) => (taken.has(fingerprint) ? [index] : []))
    const isTaken = `file_index in (${[-1, ...whole].join(', ')})`
    if (table === 'products') {
      return await warehouse.columns(
        `select file_index, row_number from import_rows where ${isTaken}
        union ${unchangedProducts('import_rows', ['file_index', 'row_number'])}`,
        undefined,
        work,
      )
    }
    const same = compared.map((name) => `latest.${name} is not distinct from import_rows.${name}`)
    return await warehouse.columns(
      `select file_index, row_number from import_rows
      left join (
        select * from ${table} qualify row_number() over (partition by ${id} order by batch_id desc, rowid desc) = 1
      ) latest on latest.${id} = import_rows.${id}
      where ${isTaken} or (latest.${id} is not null and ${same.join(' and ')})`,
      undefined,
      work,
    )
  } finally {
    await warehouse.run('drop table if exists import_rows')
  }
}

/** The select list that makes rows of the plan's table. */
const rowSql = (plan: RecordPlan, batch: number): string =>
  Object.entries(plan.row)
    .map(([name, sql]) => `${sql.replaceAll('$batch', String(batch))} as ${name}`)
    .join(', ')

/**
 * Writes the batch, its records and its quarantine, all or nothing.
 *
 * @param last `finish` does what else belongs to the batch, inside the same transaction
 * @returns the batch's number
 */
export async function writeBatch(
  warehouse: Warehouse,
  reader: FileReader,
  plan: RecordPlan,
  records: ParsedRecords,
  entry: BatchEntry,
  last: { readonly keepsBad: boolean; readonly finish: (batch: number) => Promise<void> },
  work?: Work,
): Promise<number> {
  const leftOut = entry.duplicates + entry.refused > 0 ? await handOverLeftOut(warehouse, reader, work) : undefined
  try {
    return await warehouse.transaction(async () => {
      const [next] = await warehouse.rows<{ batch_id: number }>(query('next_batch'))
      const batch = next!.batch_id
      await warehouse.run(query('insert_batch'), { batch, imported_at: { instant: now() }, ...rowOf(entry) })
      work?.onProgress?.({ stage: 'write records', done: 0, total: entry.accepted })
      if (entry.accepted > 0) {
        await warehouse.run(
          `insert into ${plan.table} by name
          select ${rowSql(plan, batch)} from (${records.sql}) records
          ${leftOut ? `anti join ${leftOut.sql} left_out using (file_index, row_number)` : ''}
          ${plan.isLatest ? 'order by file_index, row_number' : ''}`,
          undefined,
          work,
        )
      }
      if (last.keepsBad && entry.quarantined > 0) {
        await warehouse.pour('quarantine', reader, `select ${batch}::integer as batch_id, * from bad`, work)
      }
      await last.finish(batch)
      return batch
    })
  } finally {
    leftOut?.drop()
  }
}

/** The records that the store has, or that came twice. */
function handOverLeftOut(warehouse: Warehouse, reader: FileReader, work?: Work): Promise<Handover> {
  const places = 'select file_index::integer as file_index, row_number::bigint as row_number'
  return warehouse.handOver(
    reader,
    `${places} from known union all ${places} from twins union all ${places} from erased`,
    work,
  )
}

/** The batch's row has no place for what was refused: it is what the import's summary tells. */
const rowOf = ({ refused: _, ...row }: BatchEntry): Omit<BatchEntry, 'refused'> => row
