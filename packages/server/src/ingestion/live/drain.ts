import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { now, RapportError } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { KnownKeys } from './known-keys.ts'
import { type SegmentContent, segmentsIn } from './segment.ts'

const query = readQueries(new URL('./segment.sql', import.meta.url))

/** The number of the last line of the log that the warehouse has taken in. */
export async function cursorOf(warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.rows<{ position: number }>(query('cursor'))
  return row!.position
}

/** A batch that what comes is written into, to be listed and undone like an import. Its rows are counted elsewhere. */
export async function openBatch(warehouse: Warehouse, kind: 'live' | 'products'): Promise<number> {
  const opened = { kind, opened_at: { instant: now() } }
  const [batch] = await warehouse.rows<{ batch_id: number }>(query('open_batch'), opened)
  return batch!.batch_id
}

/** Whether no event was ever taken, so that every id is new. */
export async function isEmptyLog(warehouse: Warehouse): Promise<boolean> {
  const [row] = await warehouse.rows<{ is_empty: boolean }>(query('is_empty'))
  return row!.is_empty
}

/** The keys of the events after a place of the log: a repeat of the newest is told at once also after a start. */
export async function keysAfter(warehouse: Warehouse, after: number): Promise<KnownKeys> {
  const keys = await warehouse.columns(query('keys_after'), { after })
  return new KnownKeys(keys.numbers('high'), keys.numbers('middle'), keys.numbers('low'))
}

/** The currency of orders that name none; null when the store has none yet. */
export async function currencyOf(warehouse: Warehouse): Promise<string | null> {
  const [row] = await warehouse.rows<{ value: string }>(query('currency'))
  return row?.value ?? null
}

/**
 * Takes a segment into the warehouse, together with the cursor; then its file goes. It is taken whole, unless the warehouse
 * refuses a line for what is in it: that one is kept beside the log, and told, and holds up nobody.
 *
 * @throws RapportError for what is the machine's fault and may pass
 */
export async function drainSegment(
  warehouse: Warehouse,
  file: string,
  batch: number,
  content: SegmentContent,
  onRefused: (error: RapportError) => void,
): Promise<void> {
  try {
    await takeIn(warehouse, file, batch, content)
  } catch (error) {
    if (error instanceof RapportError) throw error
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    await takeInParts({ warehouse, part: `${file}.part`, batch, onRefused }, lines, error)
    await rm(`${file}.part`, { force: true })
  }
  await rm(file)
}

/** All or nothing. */
async function takeIn(
  warehouse: Warehouse,
  file: string,
  batch: number,
  { last, hasSuspects, hasOrders, hasBad }: SegmentContent,
): Promise<void> {
  await warehouse.transaction(async () => {
    const cursor = await cursorOf(warehouse)
    const from = { file, batch, cursor }
    await warehouse.run(`${query('take_events')} ${hasSuspects ? query('leave_out_repeats') : ''}`, from)
    if (hasOrders) await warehouse.run(query('take_orders'), from)
    if (hasBad) await warehouse.run(query('take_bad'), from)
    await warehouse.run(query('move_cursor'), { last })
  })
}

interface InParts {
  readonly warehouse: Warehouse
  /** A file for the lines that are tried together. */
  readonly part: string
  readonly batch: number
  readonly onRefused: (error: RapportError) => void
}

/** Takes these lines in, in order; those that failed together are tried in halves, and one alone is set aside. */
async function takeInParts(how: InParts, lines: readonly string[], failure: unknown): Promise<void> {
  const { warehouse, part, batch, onRefused } = how
  if (lines.length <= 1) {
    // Where nothing is answered any more, it is not the line's fault.
    await warehouse.rows('select 1 as one')
    const refused = join(warehouse.logFolder, refusedName)
    await appendFile(refused, `${lines[0]}\n`, { mode: 0o600 })
    await warehouse.run(query('move_cursor'), { last: positionOf(lines[0]!)! })
    const got = `${String(failure).split('\n', 1)[0]!.slice(0, 200)}; it is kept in ${refused}`
    onRefused(
      new RapportError('ingestion.line', `a line of the event log must be one that the store can take, got ${got}`),
    )
    return
  }
  const middle = Math.ceil(lines.length / 2)
  for (const half of [lines.slice(0, middle), lines.slice(middle)]) {
    await writeFile(part, half.map((line) => `${line}\n`).join(''), { mode: 0o600 })
    const last = positionOf(half.at(-1)!)!
    try {
      await takeIn(warehouse, part, batch, { last, hasSuspects: true, hasOrders: true, hasBad: true })
    } catch (error) {
      if (error instanceof RapportError) throw error
      await takeInParts(how, half, error)
    }
  }
}

/** Lines that the store could not take, in the folder of the log. */
export const refusedName = 'refused.ndjson'

/**
 * Takes in what a process that ended in the middle has acknowledged and not yet taken into the warehouse. What it was
 * writing when it ended, and acknowledged to nobody, may be cut short: that is cut off. More than that is kept beside
 * the log, and told.
 *
 * @param onCut told of what could not be read or taken in, for the operator
 * @throws RapportError `ingestion.log` when lines cannot be read that were acknowledged for certain
 */
export async function recoverLog(warehouse: Warehouse, onCut: (error: RapportError) => void): Promise<void> {
  const files = segmentsIn(warehouse.logFolder)
  if (files.length === 0) return
  const batch = await openBatch(warehouse, 'live')
  for (const [at, file] of files.entries()) {
    const text = await readFile(file)
    const { last, bytes } = readThrough(text)
    if (bytes < text.length) {
      if (at < files.length - 1) throw damaged(file, bytes)
      if (text.indexOf(newline, bytes) >= 0) {
        await writeFile(`${file}.cut`, text.subarray(bytes), { mode: 0o600 })
        const got = `${text.length - bytes} bytes that are none, which are kept in ${file}.cut`
        onCut(new RapportError('ingestion.log', `the event log must end in whole lines, got ${got}`))
      }
      await truncate(file, bytes)
    }
    if (last === undefined) await rm(file)
    else await drainSegment(warehouse, file, batch, { last, hasSuspects: true, hasOrders: true, hasBad: true }, onCut)
  }
}

const newline = 0x0a

/** How far a segment holds whole lines: the number of the last one, and the bytes of all. */
function readThrough(text: Buffer): { readonly last: number | undefined; readonly bytes: number } {
  let last: number | undefined
  let bytes = 0
  for (let end = text.indexOf(newline); end >= 0; end = text.indexOf(newline, bytes)) {
    const position = positionOf(text.toString('utf8', bytes, end))
    if (position === undefined) break
    last = position
    bytes = end + 1
  }
  return { last, bytes }
}

function positionOf(line: string): number | undefined {
  try {
    const { p } = JSON.parse(line) as { p?: unknown }
    return typeof p === 'number' ? p : undefined
  } catch {
    return undefined
  }
}

const damaged = (file: string, bytes: number): RapportError =>
  new RapportError(
    'ingestion.log',
    `the file ${basename(file)} of the event log must hold whole lines of JSON, got another one after ${bytes} bytes: put a copy of it back, or move it away, which loses its events`,
  )
