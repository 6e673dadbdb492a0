import { RapportError, type Work } from '../../base/index.ts'
import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'

const { identifier, text } = duckdbDialect

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string
  /** DuckDB's word for its type. */
  readonly type: string
}

/** Rows of a row group of DuckDB's own tables: what one thread takes at a time. */
const groupRows = 122_880
/** Values of a file, at most, that are held for the length of an import: about 500 MB, if all were long texts. */
const heldValuesMax = 10_000_000

/**
 * Lays a view `rows_<index>` (row_number, c0, c1, …, all text, and n0, n1, … as they are) over a Parquet file; what is not
 * asked for is not read.
 *
 * One thread reads a row group. A file that has too few of them for all threads, as many programs write it, is read once
 * into the reader, where every later look at it is shared among them.
 *
 * @throws RapportError `ingestion.format` when the file cannot be read
 */
export async function viewParquet(
  reader: FileReader,
  path: string,
  index: number,
  work?: Work,
): Promise<readonly ParquetColumn[]> {
  try {
    const described = await reader.rows<{ column_name: string; column_type: string }>(
      `describe select * from read_parquet(${text(path)})`,
    )
    const columns = described.map(({ column_name: name, column_type: type }) => ({ name, type }))
    const native = columns.map(({ name }, column) => `${identifier(name)} as n${column}`)
    const rows = `select ${['file_row_number + 1 as row_number', ...native].join(', ')}
      from read_parquet(${text(path)}, file_row_number = true)`
    const isHeld = await hasFewGroups(reader, path, columns.length)
    if (isHeld) await reader.run(`create table held_${index} as ${rows}`, undefined, work)
    const asText = columns.map(({ type }, column) => {
      const isNested = /[[(]/.test(type) && !type.startsWith('DECIMAL')
      return `${isNested ? 'to_json' : ''}(n${column})::varchar as c${column}`
    })
    await reader.run(
      `create view rows_${index} as select *, ${asText.join(', ')} from ${isHeld ? `held_${index}` : `(${rows})`}`,
    )
    return columns
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Whether threads would go without work, in a file that is large enough to notice and small enough to hold. */
async function hasFewGroups(reader: FileReader, path: string, columns: number): Promise<boolean> {
  const [file] = await reader.rows<{ rows: number; groups: number; threads: number }>(
    `select num_rows as rows, num_row_groups as groups, current_setting('threads')::integer as threads
    from parquet_file_metadata(${text(path)})`,
  )
  const { rows, groups, threads } = file!
  return groups < threads && rows > groups * groupRows && rows * columns <= heldValuesMax
}

/**
 * Reads a Parquet file whole, to tell whether a failed import is its fault.
 *
 * @throws RapportError `ingestion.format` when it is
 */
export async function checkParquet(reader: FileReader, path: string, work?: Work): Promise<void> {
  try {
    await reader.run(`select max(hash(columns(*))) from read_parquet(${text(path)})`, undefined, work)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RapportError) return error
  const because = error.message.split('\n')[0]!
  return new RapportError('ingestion.format', `${path} must be a whole Parquet file, got: ${because}`, { cause: error })
}
