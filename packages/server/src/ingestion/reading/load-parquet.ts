import { RapportError, type Work } from '../../base/index.ts'
import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'

const { identifier, text } = duckdbDialect

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string
  /** DuckDB's word for its type. */
  readonly type: string
}

/** A file of fewer rows is not worth a second look by another thread. */
const rowsPerPartMin = 100_000
const partsMax = 4

/**
 * Lays a view `rows_<index>` (row_number, c0, c1, …, all text, and n0, n1, … as they are) over a Parquet file; what is not
 * asked for is not read.
 *
 * @throws RapportError `ingestion.format` when the file cannot be read
 */
export async function viewParquet(reader: FileReader, path: string, index: number): Promise<readonly ParquetColumn[]> {
  try {
    const described = await reader.rows<{ column_name: string; column_type: string }>(
      `describe select * from read_parquet(${text(path)})`,
    )
    const columns = described.map(({ column_name: name, column_type: type }) => ({ name, type }))
    const selected = columns.flatMap(({ name, type }, column) => {
      const isNested = /[[(]/.test(type) && !type.startsWith('DECIMAL')
      const asText = `${isNested ? 'to_json' : ''}(${identifier(name)})::varchar as c${column}`
      return [asText, `${identifier(name)} as n${column}`]
    })
    const parts = (await partsOf(reader, path)).map(
      (where) => `select file_row_number + 1 as row_number, ${selected.join(', ')}
        from read_parquet(${text(path)}, file_row_number = true) ${where}`,
    )
    await reader.run(`create view rows_${index} as ${parts.join(' union all ')}`)
    return columns
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** DuckDB reads a row group with one thread; where a file has few and large ones, several read a part of its rows each. */
async function partsOf(reader: FileReader, path: string): Promise<readonly string[]> {
  const [file] = await reader.rows<{ rows: number; groups: number; threads: number }>(
    `select num_rows as rows, num_row_groups as groups, current_setting('threads') as threads
    from parquet_file_metadata(${text(path)})`,
  )
  const { rows, groups, threads } = file!
  const count = groups >= threads ? 1 : Math.max(1, Math.min(threads, partsMax, Math.floor(rows / rowsPerPartMin)))
  const edge = (part: number): number => Math.round((rows * part) / count)
  return Array.from({ length: count }, (_, part) =>
    count === 1 ? '' : `where file_row_number >= ${edge(part)} and file_row_number < ${edge(part + 1)}`,
  )
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
