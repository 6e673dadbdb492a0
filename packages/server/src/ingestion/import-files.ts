import type { Basis, ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
import { now, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { refreshStandings } from '../consent/index.ts'
import { type FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import { cancellationPrefixes } from './cancellation-prefixes.ts'
import { checkMoneyAndZone } from './check-request.ts'
import { chooseMapping } from './choose-mapping.ts'
import { planCustomers } from './kinds/customers.ts'
import { planEvents } from './kinds/events.ts'
import { findMoments } from './kinds/find-moments.ts'
import { planOrders } from './kinds/orders.ts'
import { planProducts } from './kinds/products.ts'
import type { PlanInput, RecordPlan, Resolved } from './kinds/record-plan.ts'
import { typedColumns } from './kinds/typed-columns.ts'
import { type Preset, type PresetName, presets } from './mapping/presets.ts'
import { readSource } from './mapping/source-hints.ts'
import { fillNonProducts } from './non-products.ts'
import { type ParsedRecords, parseRecords } from './plan-records.ts'
import { collectBad, dropKnownBad, markRetried } from './quarantine-records.ts'
import { checkUnchanged, inspectFile, type SourceFile } from './reading/inspect-file.ts'
import { checkParquet } from './reading/load-parquet.ts'
import { type ReadFiles, readFiles } from './reading/read-files.ts'
import { dropErasedBad, findErased } from './refuse-erased.ts'
import { resolveColumns } from './resolve-columns.ts'
import { countRecords, reasonsOf, warningsOf } from './summarise.ts'
import { inTurn, withReader } from './take-turns.ts'
import { findKnown, writeBatch } from './write-batch.ts'
import { checkBasis, collectConsents, dropStagedConsents, stageConsents, writeConsents } from './write-consents.ts'

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
  /** Why everybody in the file may be contacted. Default: nobody may by this import. */
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
  checkMoneyAndZone(request)
  await refuseDemo(warehouse)
  const preset = request.preset ? presetOf(request) : undefined
  return inTurn(warehouse, async () => {
    const files: SourceFile[] = []
    for (const path of request.files) files.push(await inspectFile(path, work))
    return withReader(warehouse, async (reader, spill) => {
      try {
        const read = await readFiles(reader, files, spill, preset?.headerless, work)
        return await importRead({ warehouse, reader, request, files, read, preset, replay: undefined, work })
      } catch (error) {
        await blameFile(reader, files, error, work)
        throw error
      }
    })
  })
}

/** @throws RapportError `ingestion.demo-store` */
async function refuseDemo(warehouse: Warehouse): Promise<void> {
  const [demo] = await warehouse.rows<{ scenario: string }>(query('is_demo'))
  if (!demo) return
  throw new RapportError(
    'ingestion.demo-store',
    `real records must not be mixed with simulated ones, got a store of the ${demo.scenario} demo: use another --store`,
  )
}

/** A Parquet file is read piece by piece, all along: an error that nobody knows may be its own. */
async function blameFile(
  reader: FileReader,
  files: readonly SourceFile[],
  error: unknown,
  work: Work | undefined,
): Promise<void> {
  if (error instanceof RapportError) return
  for (const { format, path } of files) if (format === 'parquet') await checkParquet(reader, path, work)
}

/** Records of one file of an earlier import, tried again. */
export interface Replay {
  readonly batch: number
  readonly file: string
  /** Their row numbers in that file, in order. */
  readonly rows: Float64Array
}

/**
 * Imports records from quarantine: what passes is taken and marked there, what fails again stays as it is.
 *
 * @param put writes the records, one JSON object a line, into a folder and returns the file
 */
export function importReplay(
  warehouse: Warehouse,
  request: Omit<ImportRequest, 'files'>,
  replay: Replay,
  put: (folder: string) => string,
  work?: Work,
): Promise<ImportSummary> {
  return inTurn(warehouse, () =>
    withReader(warehouse, async (reader, spill) => {
      const files = [await inspectFile(put(spill), work)]
      const read = await readFiles(reader, files, spill, [], work)
      const named = { ...request, files: [replay.file] }
      return importRead({ warehouse, reader, request: named, files, read, preset: undefined, replay, work })
    }),
  )
}

/** Records of a source. */
export interface ImportedPage {
  readonly path: string
  readonly name: string
  /** What is written with the records, all or nothing; also where none of them is new. */
  readonly alongside: () => Promise<void>
}

/** What became of a page. */
export interface PageSummary extends ImportSummary {
  /** Fields of the mapping that no record of the page has. */
  readonly unseen: readonly string[]
}

/**
 * Imports a page of a source's records. Of the mapping, what no record of the page has is left out and told of: an answer
 * leaves out what it does not know.
 */
export function importPage(
  warehouse: Warehouse,
  request: Omit<ImportRequest, 'files'>,
  page: ImportedPage,
  work?: Work,
): Promise<PageSummary> {
  return inTurn(warehouse, async () => {
    await refuseDemo(warehouse)
    return withReader(warehouse, async (reader, spill) => {
      const files = [{ ...(await inspectFile(page.path, work)), name: page.name }]
      const read = await readFiles(reader, files, spill, [], work)
      const said = Object.entries(request.map ?? {})
      const isSeen = (source: string): boolean => read.names.includes(readSource(source, read.names).name)
      const isJson = files[0]!.format === 'json-lines'
      const map = Object.fromEntries(said.filter(([, source]) => !isJson || isSeen(source)))
      const unseen = said.filter(([target]) => !(target in map)).map(([, source]) => source)
      const named = { ...request, map, files: [page.name] }
      const job = { warehouse, reader, request: named, files, read, preset: undefined, replay: undefined, page, work }
      return { ...(await importRead(job)), unseen }
    })
  })
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

/** Everything that an import goes by once its files are read. */
interface Import {
  readonly warehouse: Warehouse
  readonly reader: FileReader
  readonly request: ImportRequest
  readonly files: readonly SourceFile[]
  readonly read: ReadFiles
  readonly preset: Preset | undefined
  readonly replay: Replay | undefined
  readonly page?: ImportedPage
  readonly work: Work | undefined
}

async function importRead(job: Import): Promise<ImportSummary> {
  const { warehouse, reader, request, files, read, preset, work } = job
  const { kind, map: said, confirm } = request
  const wish = { kind, ...(said ? { map: said } : {}), ...(preset ? { preset } : {}), ...(confirm ? { confirm } : {}) }
  const map = await chooseMapping(reader, read.names, wish, work)
  const basis = checkBasis(request.basis)
  const columns = await resolveColumns(reader, kind, read.names, map, read.jsonNumbers, work)
  const input = await planInput(job, columns)
  const plan = planners[kind](input)
  const records = await parseRecords(warehouse, reader, kind, plan, files.length, work)
  try {
    // What was looked at above is what was read now.
    for (const file of files) checkUnchanged(file)
    return await takeRecords(job, { plan, input, records, map, basis })
  } finally {
    records.drop()
  }
}

async function planInput(
  { warehouse, reader, request, read, preset, work }: Import,
  columns: ReadonlyMap<string, Resolved>,
): Promise<PlanInput> {
  const stored = await warehouse.rows<{ name: string; value: string }>(query('settings'))
  const setting = (name: string): string | undefined => stored.find((one) => one.name === name)?.value
  const timezone = request.timezone ?? preset?.timezone ?? setting('timezone') ?? 'UTC'
  const currency = request.currency ?? preset?.currency ?? setting('currency')
  if (request.kind === 'orders' && currency === undefined && !columns.has('currency')) {
    throw new RapportError(
      'ingestion.currency',
      'the currency of the amounts must be known, got no currency column: say --currency with its code, like EUR',
    )
  }
  const mapped = new Set([...columns.values()].map(({ column }) => column))
  const typed = await typedColumns(reader)
  return {
    columns,
    typed,
    moments: await findMoments(reader, columns, typed, timezone, work),
    rest: read.names.map((name, index) => ({ name, column: `c${index}` })).filter(({ column }) => !mapped.has(column)),
    currency,
    timezone,
    now: now(),
    cancellationPrefixes: await cancellationPrefixes(reader, columns),
  }
}

/** How the records of an import were read. */
interface Reading {
  readonly plan: RecordPlan
  readonly input: PlanInput
  readonly records: ParsedRecords
  readonly map: Readonly<Record<string, string>>
  readonly basis: Basis | undefined
}

async function takeRecords(job: Import, reading: Reading): Promise<ImportSummary> {
  const { warehouse, reader, request, files, read, replay, work } = job
  const { plan, input, records, map, basis } = reading
  // A page that reads like an earlier one may tell of things that are again as they were.
  const fingerprints = job.page ? [] : files.map(({ sha256 }) => sha256)
  const known = await findKnown(warehouse, reader, plan, records, fingerprints, work)
  const erased = await findErased(reader, plan, warehouse.folder)
  await reader.run(
    `create view fresh as select keyed.* from keyed
    ${known > 0 ? 'anti join known using (file_index, row_number)' : ''}
    ${records.twins > 0 ? 'anti join twins using (file_index, row_number)' : ''}
    anti join erased using (file_index, row_number)`,
  )
  const paths = files.map(({ name }) => name)
  await collectBad(reader, request.kind, plan, records, input.columns, read.names, paths, work)
  const erasedBad = await dropErasedBad(reader, paths)
  // What fails again is in quarantine as it was.
  const knownBad = replay ? 0 : await dropKnownBad(warehouse, reader, work)
  const contactable = await collectConsents(reader, plan, input, basis, work)
  const counts = await countRecords(reader, files, records, known, knownBad, { erased, erasedBad })
  if (counts.read === 0) {
    throw new RapportError('ingestion.empty', `${paths.join(', ')} must hold records, got a header only`)
  }
  const summary: ImportSummary = {
    batchId: null,
    kind: request.kind,
    ...counts,
    mapping: { ...map },
    warnings: await warningsOf(reader, plan, input, request.timezone),
    reasons: await reasonsOf(reader),
    contactable,
    dryRun: request.dryRun ?? false,
  }
  stopIfAborted(work)
  if (summary.dryRun) return summary
  const batchId = await write(job, reading, summary)
  if (batchId !== null) await refreshStandings(warehouse)
  return { ...summary, batchId }
}

const planners: Readonly<Record<ImportKind, (input: PlanInput) => RecordPlan>> = {
  orders: planOrders,
  events: planEvents,
  customers: planCustomers,
  products: planProducts,
}

/** @returns the batch's number; null when there is nothing to write */
async function write(
  { warehouse, reader, replay, page, work }: Import,
  { plan, input, records, basis }: Reading,
  summary: ImportSummary,
): Promise<number | null> {
  try {
    const consents = await stageConsents(warehouse, reader)
    if (summary.accepted + consents + (replay ? 0 : summary.quarantined) === 0) {
      if (replay) await markRetried(warehouse, reader, replay, replay.batch)
      await page?.alongside()
      return null
    }
    const { kind, read, accepted, duplicates, quarantined, refused } = summary
    const entry = {
      ...{ kind, read, accepted, duplicates, quarantined, refused },
      files: JSON.stringify(summary.files),
      mapping: JSON.stringify(summary.mapping),
      options: JSON.stringify({ currency: input.currency, timezone: input.timezone, basis }),
    }
    const finish = async (batch: number): Promise<void> => {
      await writeConsents(warehouse, batch)
      if (replay) await markRetried(warehouse, reader, replay, batch)
      if (kind === 'orders' || kind === 'events') {
        await warehouse.run(query('fill_setting'), { name: 'timezone', value: input.timezone })
      }
      if (kind === 'orders') {
        await settleCurrency(warehouse)
        await fillNonProducts(warehouse)
      }
      await page?.alongside()
    }
    return await writeBatch(warehouse, reader, plan, records, entry, { keepsBad: !replay, finish }, work)
  } finally {
    await dropStagedConsents(warehouse)
  }
}

/** The store's currency is that of most orders; the look at their number is for stores that have several. */
async function settleCurrency(warehouse: Warehouse): Promise<void> {
  const [count] = await warehouse.rows<{ n: number }>(query('count_currencies'))
  await warehouse.run(query(count!.n > 1 ? 'settle_currency' : 'only_currency'))
}
