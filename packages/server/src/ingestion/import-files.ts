import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
import { now, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import { chooseMapping } from './choose-mapping.ts'
import { fillNonProducts } from './non-products.ts'
import { planOrders } from './kinds/orders.ts'
import type { PlanInput, RecordPlan, Resolved } from './kinds/record-plan.ts'
import { type Preset, type PresetName, presets } from './mapping/presets.ts'
import { parseRecords } from './plan-records.ts'
import { collectBad } from './quarantine-records.ts'
import { inspectFile, type SourceFile } from './reading/inspect-file.ts'
import { type ReadFiles, readFiles } from './reading/read-files.ts'
import { resolveColumns } from './resolve-columns.ts'
import { findKnown, writeBatch } from './write-batch.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** What to import, and what the user knows about it. */
export interface ImportRequest {
  readonly kind: ImportKind
  /** Paths; all with the same columns. */
  readonly files: readonly string[]
  /** Target → source; `source:dd/mm`, `source:mm/dd`, `source:1.234,56` say how values read. */
  readonly map?: Readonly<Record<string, string>>
  readonly preset?: PresetName
  /** ISO 4217, for files without a currency column. Default: the store's. */
  readonly currency?: string
  /** IANA name, for moments without an offset. Default: the store's, else UTC. */
  readonly timezone?: string
  /** Why everybody in the file may be contacted. Default: nobody may. */
  readonly basis?: string
  /** True to read and check but write nothing. Default false. */
  readonly dryRun?: boolean
  /** Asked before a proposed mapping is taken; without it, only a mapping without questions is. */
  readonly confirm?: (proposal: MappingProposal) => Promise<boolean>
}

/**
 * Takes records of files into the store: all of them, or, when anything throws, none.
 *
 * Every record is accepted, a duplicate of one that the store has, or in quarantine with a reason; the three add up to
 * those read. Importing a file again, under any name, packed or not, changes nothing.
 */
export async function importFiles(warehouse: Warehouse, request: ImportRequest, work?: Work): Promise<ImportSummary> {
  if (request.files.length === 0) throw new RapportError('ingestion.files', 'an import must have files, got none')
  const [demo] = await warehouse.rows<{ scenario: string }>(query('is_demo'))
  if (demo) {
    throw new RapportError(
      'ingestion.demo-store',
      `real records must not be mixed with simulated ones, got a store of the ${demo.scenario} demo: use another --store`,
    )
  }
  const files: SourceFile[] = []
  for (const path of request.files) files.push(await inspectFile(path, work))
  return withReader(warehouse, async (reader, spill) => {
    const preset = request.preset ? presetOf(request) : undefined
    const read = await readFiles(reader, files, spill, preset?.headerless, work)
    return importRead(warehouse, reader, request, files, read, preset, work)
  })
}

/** Runs `step` with a reader and a folder for copies, both gone afterwards. */
async function withReader<Result>(
  warehouse: Warehouse,
  step: (reader: FileReader, spill: string) => Promise<Result>,
): Promise<Result> {
  const parent = join(warehouse.folder, 'spill')
  mkdirSync(parent, { recursive: true })
  const spill = mkdtempSync(join(parent, 'import-'))
  try {
    const reader = await FileReader.open(join(spill, 'reader'))
    try {
      return await step(reader, spill)
    } finally {
      reader.close()
    }
  } finally {
    rmSync(spill, { recursive: true, force: true })
  }
}

function presetOf(request: ImportRequest): Preset {
  const preset = presets[request.preset!]
  if (preset?.kind === request.kind) return preset
  throw new RapportError(
    'ingestion.preset',
    `a preset of ${request.kind} must be one of ${Object.entries(presets)
      .filter(([, one]) => one.kind === request.kind)
      .map(([name]) => name)
      .join(', ')}, got ${request.preset}`,
  )
}

async function importRead(
  warehouse: Warehouse,
  reader: FileReader,
  request: ImportRequest,
  files: readonly SourceFile[],
  read: ReadFiles,
  preset: Preset | undefined,
  work?: Work,
): Promise<ImportSummary> {
  const { kind, map: said, confirm } = request
  const wish = { kind, ...(said ? { map: said } : {}), ...(preset ? { preset } : {}), ...(confirm ? { confirm } : {}) }
  const map = await chooseMapping(reader, read.names, wish, work)
  const columns = await resolveColumns(reader, request.kind, read.names, map, work)
  const settings = new Map(
    (await warehouse.rows<{ name: string; value: string }>(query('settings'))).map(({ name, value }) => [name, value]),
  )
  const input: PlanInput = {
    columns,
    rest: read.names
      .map((name, index) => ({ name, column: `c${index}` }))
      .filter(({ column }) => ![...columns.values()].some((resolved) => resolved.column === column)),
    currency: request.currency ?? preset?.currency ?? settings.get('currency'),
    timezone: request.timezone ?? preset?.timezone ?? settings.get('timezone') ?? 'UTC',
    now: now(),
    cancellationPrefixes: await cancellationPrefixes(reader, columns),
  }
  const plan = planOrders(input)
  await parseRecords(reader, request.kind, plan, files.length, work)
  const duplicatesKnown = await findKnown(warehouse, reader, plan, work)
  await collectBad(reader, request.kind, plan, columns, read.names, request.files, work)
  await reader.run(
    `create view fresh as select * from keyed
    where (file_index, row_number) not in (from known) and (file_index, row_number) not in (from twins)`,
  )
  return finish(warehouse, reader, request, files, plan, input, map, duplicatesKnown, work)
}

/** Letters before order ids whose lines are, nearly all, negative: those orders are cancellations. */
async function cancellationPrefixes(
  reader: FileReader,
  columns: ReadonlyMap<string, Resolved>,
): Promise<readonly string[]> {
  const order = columns.get('order_id')
  const amount = columns.get('quantity') ?? columns.get('amount')
  if (!order || !amount) return []
  const rows = await reader.rows<{ prefix: string }>(
    `select regexp_extract(${order.column}, '^([A-Za-z]+)[0-9]', 1) as prefix
    from source where ${order.column} >= 'A'
    group by 1
    having prefix <> '' and count_if(starts_with(trim(${amount.column}), '-')) >= 0.95 * count(*)
    order by 1`,
  )
  return rows.map(({ prefix }) => prefix)
}

async function finish(
  warehouse: Warehouse,
  reader: FileReader,
  request: ImportRequest,
  files: readonly SourceFile[],
  plan: RecordPlan,
  input: PlanInput,
  mapping: Readonly<Record<string, string>>,
  known: number,
  work?: Work,
): Promise<ImportSummary> {
  const [count] = await reader.rows<Record<'rows' | 'damaged' | 'bad' | 'twins' | 'repeated' | 'fresh', number>>(
    `select (select count(*) from source) as rows, (select count(*) from damaged_lines) as damaged,
      (select count(*) from bad) as bad, (select count(*) from twins anti join known using (file_index, row_number)) as twins,
      (select count_if(ordinal > 0) from fresh)::integer as repeated, (select count(*) from fresh) as fresh`,
  )
  const { rows, damaged, bad, twins, repeated, fresh } = count!
  const counts = { read: rows + damaged, accepted: fresh, duplicates: known + twins, quarantined: bad }
  if (counts.read === 0) {
    throw new RapportError('ingestion.empty', `${request.files.join(', ')} must hold records, got a header only`)
  }
  const perFile = await reader.rows<{ file_index: number; n: number }>(
    `select file_index, count(*) as n from (select file_index from source union all select file_index from damaged_lines)
    group by 1`,
  )
  const summaryFiles = files.map(({ path, bytes, sha256 }, index) => ({
    path,
    bytes,
    sha256,
    rows: perFile.find((one) => one.file_index === index)?.n ?? 0,
  }))
  const warnings: string[] = []
  for (const notice of plan.notices) {
    const [row] = await reader.rows<{ n: number }>(`select count(*) as n from fresh where ${notice.holds}`)
    if (row!.n > 0) warnings.push(notice.says(row!.n))
  }
  const reasons = await reader.rows<{ code: string; reason: string; count: number }>(
    'select code, min(reason) as reason, count(*) as count from bad group by code order by count desc, code',
  )
  stopIfAborted(work)
  let batchId: number | null = null
  if (!request.dryRun && fresh + bad > 0) {
    const entry = {
      kind: request.kind,
      files: JSON.stringify(summaryFiles),
      mapping: JSON.stringify(mapping),
      options: JSON.stringify({ currency: input.currency, timezone: input.timezone, basis: request.basis }),
      ...counts,
    }
    batchId = await writeBatch(
      warehouse,
      reader,
      plan,
      entry,
      async () => {
        for (const name of ['currency', 'timezone'] as const) {
          const value = input[name]
          if (value !== undefined) await warehouse.run(query('fill_setting'), { name, value })
        }
        if (plan.table === 'order_lines') await fillNonProducts(warehouse)
      },
      work,
    )
  }
  return {
    batchId,
    kind: request.kind,
    files: summaryFiles,
    ...counts,
    repeatedLinesKept: repeated,
    mapping,
    warnings,
    reasons,
    contactable: { customers: 0, why: 'the file has no consent column and no basis was given' },
    dryRun: request.dryRun ?? false,
  }
}
