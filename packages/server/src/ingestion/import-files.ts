import type { Basis, ImportKind, ImportSummary, MappingProposal } from '@rapport/protocol'
import { now, RapportError, stopIfAborted, type Work } from '../base/index.ts'
import { type FileReader, readQueries, type Warehouse } from '../warehouse/index.ts'
import { cancellationPrefixes } from './cancellation-prefixes.ts'
import { checkMoneyAndZone } from './check-request.ts'
import { chooseMapping } from './choose-mapping.ts'
import { planCustomers } from './kinds/customers.ts'
import { planEvents } from './kinds/events.ts'
import { planOrders } from './kinds/orders.ts'
import { planProducts } from './kinds/products.ts'
import type { PlanInput, RecordPlan } from './kinds/record-plan.ts'
import { type Preset, type PresetName, presets } from './mapping/presets.ts'
import { fillNonProducts } from './non-products.ts'
import { parseRecords } from './plan-records.ts'
import { collectBad, dropKnownBad, markRetried } from './quarantine-records.ts'
import { inspectFile, type SourceFile } from './reading/inspect-file.ts'
import { type ReadFiles, readFiles } from './reading/read-files.ts'
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
  checkMoneyAndZone(request)
  const [demo] = await warehouse.rows<{ scenario: string }>(query('is_demo'))
  if (demo) {
    throw new RapportError(
      'ingestion.demo-store',
      `real records must not be mixed with simulated ones, got a store of the ${demo.scenario} demo: use another --store`,
    )
  }
  const preset = request.preset ? presetOf(request) : undefined
  return inTurn(warehouse, async () => {
    const files: SourceFile[] = []
    for (const path of request.files) files.push(await inspectFile(path, work))
    return withReader(warehouse, async (reader, spill) => {
      const read = await readFiles(reader, files, spill, preset?.headerless, work)
      return importRead({ warehouse, reader, request, files, read, preset, replay: undefined, work })
    })
  })
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
  readonly work: Work | undefined
}

async function importRead(job: Import): Promise<ImportSummary> {
  const { warehouse, reader, request, files, read, preset, replay, work } = job
  const { kind, map: said, confirm } = request
  const wish = { kind, ...(said ? { map: said } : {}), ...(preset ? { preset } : {}), ...(confirm ? { confirm } : {}) }
  const map = await chooseMapping(reader, read.names, wish, work)
  const basis = checkBasis(request.basis)
  const columns = await resolveColumns(reader, kind, read.names, map, work)
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
  if (kind === 'orders' && input.currency === undefined && !columns.has('currency')) {
    throw new RapportError(
      'ingestion.currency',
      'the currency of the amounts must be known, got no currency column: say --currency with its code, like EUR',
    )
  }
  const plan = planners[kind](input)
  const { twins } = await parseRecords(reader, kind, plan, files.length, work)
  const known = await findKnown(
    warehouse,
    reader,
    plan,
    files.map(({ sha256 }) => sha256),
    work,
  )
  await reader.run(
    `create view fresh as select keyed.* from keyed
    ${known > 0 ? 'anti join known using (file_index, row_number)' : ''}
    ${twins > 0 ? 'anti join twins using (file_index, row_number)' : ''}`,
  )
  const paths = files.map(({ path }) => path)
  await collectBad(reader, kind, plan, columns, read.names, paths, work)
  // What fails again is in quarantine as it was.
  const knownBad = replay ? 0 : await dropKnownBad(warehouse, reader, work)
  const contactable = await collectConsents(reader, plan, input, basis, work)
  const counts = await countRecords(reader, files, known, knownBad)
  if (counts.read === 0) {
    throw new RapportError('ingestion.empty', `${paths.join(', ')} must hold records, got a header only`)
  }
  const summary: ImportSummary = {
    batchId: null,
    kind,
    ...counts,
    mapping: { ...map },
    warnings: await warningsOf(reader, plan, input, request.timezone),
    reasons: await reasonsOf(reader),
    contactable,
    dryRun: request.dryRun ?? false,
  }
  stopIfAborted(work)
  if (summary.dryRun) return summary
  return { ...summary, batchId: await write(job, plan, input, basis, summary) }
}

const planners: Readonly<Record<ImportKind, (input: PlanInput) => RecordPlan>> = {
  orders: planOrders,
  events: planEvents,
  customers: planCustomers,
  products: planProducts,
}

/** @returns the batch's number; null when there is nothing to write */
async function write(
  { warehouse, reader, replay, work }: Import,
  plan: RecordPlan,
  input: PlanInput,
  basis: Basis | undefined,
  summary: ImportSummary,
): Promise<number | null> {
  try {
    const consents = await stageConsents(warehouse, reader)
    if (summary.accepted + consents + (replay ? 0 : summary.quarantined) === 0) {
      if (replay) await markRetried(warehouse, reader, replay, replay.batch)
      return null
    }
    const { kind, read, accepted, duplicates, quarantined } = summary
    const entry = {
      ...{ kind, read, accepted, duplicates, quarantined },
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
        await warehouse.run(query('settle_currency'))
        await fillNonProducts(warehouse)
      }
    }
    return await writeBatch(warehouse, reader, plan, entry, { keepsBad: !replay, finish }, work)
  } finally {
    await dropStagedConsents(warehouse)
  }
}
