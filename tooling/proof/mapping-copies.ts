import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { FileReader } from '../../packages/server/src/warehouse/index.ts'

/** How a copy of a table differs from the original; the cells stay the same otherwise. */
export interface Copying {
  /** The copy's columns in their order: its name, and the original's. */
  readonly columns: readonly (readonly [name: string, original: string])[]
  readonly separator: ',' | ';' | '\t'
  /** Columns of the original whose numbers get a decimal comma. */
  readonly decimalComma: readonly string[]
}

/** The cells of a plain or gzipped text table; quotes may hold separators, but no line ends. */
export function readTable(path: string, separator: string): string[][] {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => cellsOf(line, separator))
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted
    else if (letter === separator && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else cell += letter
  }
  return [...cells, cell]
}

/** Writes the copy as text; the first row of `table` names its columns. */
export function writeCopy(
  path: string,
  table: readonly string[][],
  { columns, separator, decimalComma }: Copying,
): void {
  const header = table[0]!
  const places = columns.map(([, original]) => {
    const at = header.indexOf(original)
    if (at < 0) throw new Error(`${original} must be a column, got ${header.join(', ')}`)
    return { at, isDecimal: decimalComma.includes(original) }
  })
  const quoted = (cell: string): string =>
    cell.includes(separator) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell
  const lines = table
    .slice(1)
    .map((row) =>
      places.map(({ at, isDecimal }) => quoted(isDecimal ? row[at]!.replace('.', ',') : row[at]!)).join(separator),
    )
  writeFileSync(path, [columns.map(([name]) => name).join(separator), ...lines, ''].join('\n'))
}

/** Writes a copy of a Parquet file as text, numbers as DuckDB prints them. */
export async function writeParquetCopy(folder: string, parquet: string, path: string, copying: Copying): Promise<void> {
  const reader = await FileReader.open(join(folder, 'copy-spill'))
  try {
    const list = copying.columns.map(([name, original]) => {
      const column = `"${original}"`
      const cell = copying.decimalComma.includes(original) ? `replace(${column}::varchar, '.', ',')` : column
      return `${cell} as "${name}"`
    })
    await reader.run(
      `copy (select ${list.join(', ')} from '${parquet}') to '${path}' (header, delimiter '${copying.separator}')`,
    )
  } finally {
    reader.close()
  }
}
