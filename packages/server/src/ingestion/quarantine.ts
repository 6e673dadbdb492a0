import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportKind, ImportSummary } from '@rapport/protocol'
import { stopIfAborted, type Work } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { csvLine } from './csv-cells.ts'
import { importReplay } from './import-files.ts'
import { readSource } from './mapping/source-hints.ts'

const query = readQueries(new URL('./quarantine.sql', import.meta.url))

/** A record that could not be taken. */
export interface QuarantinedRecord {
  readonly batchId: number
  readonly kind: ImportKind
  readonly file: string
  /** 1 is the first record after the header. */
  readonly row: number
  readonly column: string | null
  readonly code: string
  readonly reason: string
  /** JSON object, column → text; a damaged line as a whole is under the empty name. */
  readonly raw: string
}

/** Which records: those of one import, or of all. */
export interface QuarantineFilter {
  readonly batchId?: number
}

/** @param filter `limit`: records at most, default 1000 */
export const listQuarantine = (
  warehouse: Warehouse,
  filter: QuarantineFilter & { readonly limit?: number } = {},
): Promise<QuarantinedRecord[]> =>
  warehouse.rows<QuarantinedRecord>(query('list'), { batch: filter.batchId ?? null, limit: filter.limit ?? 1000 })

/** One value that kept records out. */
export interface QuarantineExample {
  /** Where the first record with the value is. */
  readonly file: string
  readonly row: number
  /** What was got, `nothing` where the cell is empty; empty where the line as a whole is damaged. */
  readonly got: string
  /** Records with this value. */
  readonly times: number
}

/** What kept records of an import out, and how many. */
export interface QuarantineReason {
  readonly batchId: number
  readonly kind: ImportKind
  readonly code: string
  readonly column: string | null
  readonly must: string
  readonly records: number
  /** How many different values were got; `examples` has the most frequent. */
  readonly values: number
  readonly examples: readonly QuarantineExample[]
}

/** @param filter `examples`: values at most for each reason, default 3 */
export async function listQuarantineReasons(
  warehouse: Warehouse,
  filter: QuarantineFilter & { readonly examples?: number } = {},
): Promise<QuarantineReason[]> {
  const rows = await warehouse.rows<Omit<QuarantineReason, 'examples'> & QuarantineExample>(query('reasons'), {
    batch: filter.batchId ?? null,
    examples: filter.examples ?? 3,
  })
  const reasons: (QuarantineReason & { examples: QuarantineExample[] })[] = []
  for (const { file, row, got, times, ...reason } of rows) {
    const last = reasons.at(-1)
    const isSame =
      last?.batchId === reason.batchId &&
      last.code === reason.code &&
      last.column === reason.column &&
      last.must === reason.must
    if (isSame) last.examples.push({ file, row, got, times })
    else reasons.push({ ...reason, examples: [{ file, row, got, times }] })
  }
  return reasons
}

/** Everything in quarantine as CSV, for a spreadsheet: no cell of it is run there. */
export async function exportQuarantine(warehouse: Warehouse, filter: QuarantineFilter = {}): Promise<string> {
  const columns = await warehouse.columns(query('list'), {
    batch: filter.batchId ?? null,
    limit: Number.MAX_SAFE_INTEGER,
  })
  const batch = columns.numbers('batchId')
  const row = columns.numbers('row')
  const texts = ['file', 'column', 'code', 'reason', 'raw'].map((name) => columns.texts(name))
  const lines = [csvLine(['batch', 'row', 'file', 'column', 'code', 'reason', 'record'])]
  for (let at = 0; at < columns.rows; at += 1) {
    lines.push(csvLine([batch[at]!, row[at]!, ...texts.map((column) => column[at]!)]))
  }
  return lines.join('')
}

/**
 * Tries the records in quarantine again, with the mapping of their import or a better one. What passes now is taken, once;
 * the rest stays where it is. Damaged lines have no columns to map and are not tried.
 *
 * @param wish `map`: target → source, over the mapping that the import had
 * @returns a summary per file that had records to try
 */
export async function retryQuarantine(
  warehouse: Warehouse,
  wish: QuarantineFilter & { readonly map?: Readonly<Record<string, string>> } = {},
  work?: Work,
): Promise<ImportSummary[]> {
  const batches = await warehouse.rows<{
    batch_id: number
    kind: ImportKind
    file: string
    mapping: string
    options: string
  }>(query('files_to_retry'), { batch: wish.batchId ?? null })
  const summaries: ImportSummary[] = []
  for (const { batch_id: batch, kind, file, mapping, options } of batches) {
    stopIfAborted(work)
    const raw = await warehouse.columns(query('raw_of_file'), { batch, file })
    const { currency, timezone, basis } = JSON.parse(options) as Record<string, string | undefined>
    const lines = raw.keys('raw')
    const request = {
      kind,
      map: { ...onLines(JSON.parse(mapping) as Record<string, string>, lines[0]!), ...wish.map },
      ...(currency ? { currency } : {}),
      ...(timezone ? { timezone } : {}),
      ...(basis ? { basis } : {}),
    }
    const place = { batch, file, rows: raw.numbers('row') }
    const put = (spill: string): string => {
      const path = join(spill, 'quarantine.jsonl')
      writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 })
      return path
    }
    summaries.push(await importReplay(warehouse, request, place, put, work))
  }
  return summaries
}

/** A record in quarantine has its own share of what its order has: it is not to be shared out again. */
function onLines(mapping: Readonly<Record<string, string>>, record: string): Record<string, string> {
  const names = Object.keys(JSON.parse(record) as object)
  return Object.fromEntries(
    Object.entries(mapping).map(([target, source]) => [
      target,
      readSource(source, names).level === 'order' ? `${source}:line` : source,
    ]),
  )
}
