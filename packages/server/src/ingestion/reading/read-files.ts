import { join } from 'node:path'
import { RapportError, type Work } from '../../base/index.ts'
import type { FileReader } from '../../warehouse/index.ts'
import { copyAsUtf8 } from './copy-as-utf8.ts'
import { checkUnchanged, type SourceFile } from './inspect-file.ts'
import { loadCsv } from './load-csv.ts'
import { loadJsonLines, viewJsonLines } from './load-json-lines.ts'
import { viewParquet } from './load-parquet.ts'
import { type CsvShape, sniffCsv } from './sniff-csv.ts'

/**
 * What was read: the view `source` (file_index, row_number, c0, c1, …), all text, and the table `damaged_lines`. Where
 * files say the type of a column, and the same one, `source` also has it as it is: n3 beside c3.
 */
export interface ReadFiles {
  /** Source names in their order: column `c<i>` holds the i-th. */
  readonly names: readonly string[]
  readonly delimiter: string | undefined
  /** Names of columns that hold nothing but numbers of JSON. */
  readonly jsonNumbers: ReadonlySet<string>
}

/** Column names for files that have none in their first line. */
export type Headerless = readonly (readonly string[])[]

/**
 * Reads files of one kind and the same columns, in any order of columns, into the reader.
 *
 * @param headerless column names to take, by how many columns there are, when the first line holds values
 * @throws RapportError `ingestion.header` when the first line holds values, `ingestion.duplicate-column` when it names a
 * column twice, `ingestion.columns-differ` when two files do not have the same columns, and those of `inspectFile`
 */
export async function readFiles(
  reader: FileReader,
  files: readonly SourceFile[],
  spill: string,
  headerless: Headerless = [],
  work?: Work,
): Promise<ReadFiles> {
  await reader.run(
    `create table damaged_lines (file_index integer, row_number double, code varchar, reason varchar, raw varchar)`,
  )
  const namesOf: (readonly string[])[] = []
  const typesOf: (readonly string[])[] = []
  let delimiter: string | undefined
  for (const [index, file] of files.entries()) {
    work?.onProgress?.({ stage: `read ${file.path}`, done: index, total: files.length })
    if (file.format === 'csv') {
      const { names, shape } = await readDelimited(reader, file, index, spill, headerless, work)
      namesOf.push(names)
      delimiter = shape.delimiter
    } else if (file.format === 'parquet') {
      const columns = await viewParquet(reader, file.path, index, work)
      namesOf.push(columns.map(({ name }) => name))
      typesOf[index] = columns.map(({ type }) => type)
    } else namesOf.push(await loadJsonLines(reader, { path: file.path, isGzip: file.isGzip, index }, work))
    checkUnchanged(file)
  }
  return { delimiter, ...(await alignColumns(reader, files, namesOf, typesOf)) }
}

async function readDelimited(
  reader: FileReader,
  file: SourceFile,
  index: number,
  spill: string,
  headerless: Headerless,
  work?: Work,
): Promise<{ names: readonly string[]; shape: CsvShape }> {
  const isWhole = file.head.length < 1 << 20
  const shape = sniffCsv(file.path, new TextDecoder(file.encoding).decode(file.head), isWhole)
  const isByBlanks = shape.delimiter === 'blanks'
  const hasHeader = !shape.first.some(looksLikeValue)
  const names = hasHeader
    ? shape.first.map((name, column) => name.trim() || `column ${column + 1}`)
    : headerless.find((columns) => columns.length === shape.first.length)
  if (!names) {
    throw new RapportError(
      'ingestion.header',
      `the first line of ${file.path} must name the columns, got the values ${shape.first.slice(0, 5).join(', ')}`,
    )
  }
  checkNames(file.path, names)
  let { path, isGzip } = file
  if (file.encoding !== 'utf-8' || isByBlanks) {
    path = join(spill, `utf-8-${index}.csv`)
    isGzip = false
    await copyAsUtf8(file, path, isByBlanks, work)
  }
  const { isCleanText } = file
  const delimiter = isByBlanks ? '\t' : shape.delimiter
  await loadCsv(reader, { path, isGzip, isCleanText, delimiter, hasHeader, columns: names.length, index }, spill, work)
  return { names, shape }
}

/** A name of a column is no amount, no date and no email address; a bare year may be one. */
const looksLikeValue = (cell: string): boolean =>
  /^\s*[-+]?\d+[.,]\d+\s*$|^\s*\d{5,}\s*$|^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|^\S+@\S+\.\S+$/.test(cell)

function checkNames(path: string, names: readonly string[]): void {
  const twice = names.find((name, column) => names.indexOf(name) !== column)
  if (twice === undefined) return
  throw new RapportError(
    'ingestion.duplicate-column',
    `every column of ${path} must have a name of its own, got ${twice} twice`,
  )
}

/** Lays all files under one view, columns matched by name. */
async function alignColumns(
  reader: FileReader,
  files: readonly SourceFile[],
  namesOf: readonly (readonly string[])[],
  typesOf: readonly (readonly string[])[],
): Promise<Pick<ReadFiles, 'names' | 'jsonNumbers'>> {
  // A line of JSON leaves out what it does not know, so their files together have the columns.
  const isJson = (index: number): boolean => files[index]!.format === 'json-lines'
  const names = [...new Set(files.every((_, index) => isJson(index)) ? namesOf.flat() : namesOf[0])]
  let jsonNumbers: readonly string[] = names
  for (const [index, own] of namesOf.entries()) {
    const numbers = isJson(index) ? await viewJsonLines(reader, index, names) : []
    jsonNumbers = jsonNumbers.filter((name) => numbers.includes(name))
    if (isJson(index)) continue
    const missing = names.filter((name) => !own.includes(name))
    const extra = own.filter((name) => !names.includes(name))
    if (missing.length === 0 && extra.length === 0) continue
    const difference = [
      ...(missing.length > 0 ? [`without ${missing.join(', ')}`] : []),
      ...(extra.length > 0 ? [`with ${extra.join(', ')}`] : []),
    ]
    throw new RapportError(
      'ingestion.columns-differ',
      `files imported together must have the same columns as ${files[0]!.path}, got ${files[index]!.path} ` +
        `${difference.join(' and ')}: import it by itself`,
    )
  }
  const isTyped = (name: string): boolean =>
    new Set(namesOf.map((own, index) => typesOf[index]?.[own.indexOf(name)])).size === 1 && typesOf.length > 0
  const parts = namesOf.map((own, index) => {
    const columns = names.flatMap((name, column) => {
      const place = isJson(index) ? column : own.indexOf(name)
      return [`c${place} as c${column}`, ...(isTyped(name) ? [`n${place} as n${column}`] : [])]
    })
    return `select ${index}::integer as file_index, row_number, ${columns.join(', ')} from rows_${index}`
  })
  await reader.run(`create view source as ${parts.join(' union all ')}`)
  return { names, jsonNumbers: new Set(jsonNumbers) }
}
