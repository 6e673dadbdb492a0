import { RapportError, type Work } from '../../base/index.ts'
import { duckdbDialect, type FileReader } from '../../warehouse/index.ts'

const { identifier, text } = duckdbDialect

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string
  /** DuckDB's word for its type. */
  readonly type: string
}

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
    await reader.run(
      `create view rows_${index} as
      select file_row_number + 1 as row_number, ${selected.join(', ')}
      from read_parquet(${text(path)}, file_row_number = true)`,
    )
    return columns
  } catch (error) {
    throw unreadable(path, error)
  }
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
