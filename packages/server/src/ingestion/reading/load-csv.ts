import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stopIfAborted, type Work } from '../../base/index.ts'
import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'
import { fullDisk } from './copy-as-utf8.ts'
import { contentOf } from './inspect-file.ts'
import { CsvMender, type Damage, type Piece } from './mend-csv.ts'

const { text } = duckdbDialect

/** A delimited file in UTF-8, plain or packed. */
export interface DelimitedFile {
  readonly path: string
  readonly isGzip: boolean
  readonly isCleanText: boolean
  readonly delimiter: string
  readonly hasHeader: boolean
  readonly columns: number
  /** For messages and names of copies. */
  readonly index: number
}

/** What a damaged line is told to be. */
const reasons: Readonly<Record<Damage, (fields: number, columns: number) => string>> = {
  'too-few-fields': (fields, columns) => `a record must have ${columns} fields, got ${fields}`,
  'too-many-fields': (fields, columns) => `a record must have ${columns} fields, got ${fields}`,
  quotes: () => 'quotes must be closed, and doubled inside a field',
  bytes: () => 'a record must be text in one encoding, got bytes that are none',
  'too-long': () => 'a record must be shorter than 1.9 million characters',
}

/** Characters of a damaged line that the quarantine keeps. */
const rawCharsMax = 65_536

/**
 * Reads a delimited file into a view `rows_<index>` (row_number, c0, c1, …) and what is no record of it into `damaged`.
 *
 * DuckDB reads the file as it is; only when it finds damage is the file taken apart line by line (`CsvMender`) and its
 * sound records read from a copy.
 *
 * @param spill folder for the copy
 */
export async function loadCsv(reader: FileReader, file: DelimitedFile, spill: string, work?: Work): Promise<void> {
  const table = `source_${file.index}`
  if (file.isCleanText && (await readWhole(reader, file, table, work))) {
    await reader.run(`create view rows_${file.index} as select rowid + 1 as row_number, * from ${table}`)
    return
  }
  const copy = join(spill, `mended-${file.index}.csv`)
  await mendInto(reader, file, copy, work)
  await reader.run(
    `create table ${table} as select * from ${readCsv({ ...file, path: copy, isGzip: false, hasHeader: false })}`,
  )
  await reader.run(tableWithGaps(table, file.index))
}

/** @returns false when the file has damage and must be mended; nothing is left in the reader then */
async function readWhole(reader: FileReader, file: DelimitedFile, table: string, work?: Work): Promise<boolean> {
  try {
    await reader.run(`create table ${table} as select * from ${readCsv(file)}`, undefined, work)
  } catch (error) {
    // Line ends of two kinds in one file, and worse damage, end DuckDB's reading; an end by the user passes through.
    stopIfAborted(work)
    if (error instanceof Error && /CSV|invalid input|unicode/i.test(error.message)) return false
    throw error
  }
  // A quote that was never closed can swallow whole records and still read well.
  const swallowed = Array.from(
    { length: file.columns },
    (_, column) =>
      `(contains(c${column}, chr(10)) and length(c${column}) - length(replace(c${column}, ${text(file.delimiter)}, '')) >= ${file.columns - 1})`,
  )
  const [found] = await reader.rows<{ rejected: number; swallowed: number }>(
    `select (select count(*)::integer from rejects) as rejected,
      ${file.columns > 2 ? `(select count(*)::integer from ${table} where ${swallowed.join(' or ')})` : '0'} as swallowed`,
  )
  await reader.run('drop table rejects; drop table rejects_scans')
  if (found!.rejected === 0 && found!.swallowed === 0) return true
  await reader.run(`drop table ${table}`)
  return false
}

function readCsv(file: DelimitedFile): string {
  const columns = Array.from({ length: file.columns }, (_, column) => `'c${column}': 'varchar'`).join(', ')
  return `read_csv(${text(file.path)}, auto_detect = false, header = ${file.hasHeader}, delim = ${text(file.delimiter)},
    quote = '"', escape = '"', columns = {${columns}}, strict_mode = true, null_padding = false,
    compression = '${file.isGzip ? 'gzip' : 'none'}', store_rejects = true, rejects_limit = 0,
    rejects_table = 'rejects', rejects_scan = 'rejects_scans')`
}

/** Writes the sound records into `copy` and stages the damaged lines, with the numbers that they have in the file. */
async function mendInto(reader: FileReader, file: DelimitedFile, copy: string, work?: Work): Promise<void> {
  const mender = new CsvMender(file.delimiter, file.columns)
  let damaged: { number: number; piece: Piece & { isRecord: false } }[] = []
  let number = file.hasHeader ? -1 : 0
  const stage = async (): Promise<void> => {
    await stageDamaged(reader, file, damaged)
    damaged = []
  }
  const sound = (pieces: readonly Piece[]): string => {
    const lines: string[] = []
    for (const piece of pieces) {
      number += 1
      if (number === 0) continue
      if (piece.isRecord) lines.push(piece.text)
      else damaged.push({ number, piece })
    }
    return lines.length > 0 ? `${lines.join('\n')}\n` : ''
  }
  async function* records(): AsyncGenerator<Buffer> {
    for await (const chunk of contentOf(file.path, file.isGzip)) {
      stopIfAborted(work)
      const texts = sound(mender.add(chunk.toString('latin1')))
      if (damaged.length > 20_000) await stage()
      if (texts !== '') yield Buffer.from(texts, 'latin1')
    }
    const texts = sound(mender.finish())
    if (texts !== '') yield Buffer.from(texts, 'latin1')
  }
  try {
    await pipeline(Readable.from(records()), createWriteStream(copy, { mode: 0o600 }))
  } catch (error) {
    throw fullDisk(error, file.path, copy)
  }
  await stage()
}

async function stageDamaged(
  reader: FileReader,
  file: DelimitedFile,
  damaged: readonly { number: number; piece: Piece & { isRecord: false } }[],
): Promise<void> {
  await reader.stage('damaged_lines', {
    file_index: Int32Array.from(damaged, () => file.index),
    row_number: Float64Array.from(damaged, ({ number }) => number),
    code: damaged.map(({ piece }) => `ingestion.${piece.damage}`),
    reason: damaged.map(({ piece }) => reasons[piece.damage](piece.fields, file.columns)),
    raw: damaged.map(({ piece }) => Buffer.from(piece.text.slice(0, rawCharsMax), 'latin1').toString('utf8')),
  })
}

/** Sound rows get the numbers that damaged lines leave free, in order. */
const tableWithGaps = (table: string, index: number): string => `
  create table numbers_${index} as
  select place, max(shift) as shift
  from (
    select row_number - row_number() over (order by row_number) + 1 as place,
      row_number() over (order by row_number) as shift
    from damaged_lines where file_index = ${index}
  )
  group by place;
  create table rows_${index} as
  select (k + coalesce(shift, 0))::bigint as row_number, columns('c[0-9]+')
  from (select rowid + 1 as k, * from ${table}) asof left join numbers_${index} on k >= place
  order by k;
  drop table ${table};
  drop table numbers_${index}`
