import { RapportError } from '../base/index.ts'
import { duckdbDialect } from './dialect.ts'
import { read, written } from './handover.ts'
import type { Session } from './session.ts'

const { identifier } = duckdbDialect

/** A column as the store has it: `customer_id`, `VARCHAR`. */
export interface StoredColumn {
  readonly name: string
  readonly type: string
}

export interface StoredTable {
  readonly name: string
  readonly columns: readonly StoredColumn[]
}

/** Every table of the store but the list of its migrations, views left out. */
export async function readTables(session: Session): Promise<readonly StoredTable[]> {
  const rows = await session.rows<{ table_name: string; column_name: string; data_type: string }>(`
    select table_name, column_name, data_type from duckdb_columns()
    where database_name = current_database() and schema_name = 'main' and not internal
      and table_name in (select table_name from duckdb_tables() where not temporary and not internal)
      and table_name <> 'schema_migrations'
    order by table_name, column_index`)
  const tables = new Map<string, StoredColumn[]>()
  for (const { table_name, column_name, data_type } of rows) {
    const columns = tables.get(table_name) ?? []
    columns.push({ name: column_name, type: data_type })
    tables.set(table_name, columns)
  }
  return [...tables].map(([name, columns]) => ({ name, columns }))
}

/** The column as it goes into a file that outlives this database; whole numbers of 128 bits in halves or as text. */
export const writtenColumn = (column: StoredColumn): readonly string[] =>
  column.type === 'HUGEINT' ? [`${identifier(column.name)}::varchar as ${identifier(column.name)}`] : written(column)

const scalars = [
  ...[
    'BOOLEAN',
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'HUGEINT',
    'UHUGEINT',
    'UTINYINT',
    'USMALLINT',
    'UINTEGER',
  ],
  ...['UBIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL\\(\\d{1,2},\\d{1,2}\\)', 'VARCHAR', 'DATE', 'TIME', 'TIMESTAMP'],
  ...['TIMESTAMP WITH TIME ZONE', 'INTERVAL'],
]
const typePattern = new RegExp(`^(${scalars.join('|')})(\\[\\])*$`)

/** The column's type, for SQL: it may come from a file, and nothing else than a type of the store's tables gets through. */
export function typeSql({ name, type }: StoredColumn): string {
  if (typePattern.test(type)) return type
  throw new RapportError('warehouse.contents', `column ${name} must have a type of the store, got ${type}`)
}

/** The column as it was, of what was written. */
export function readColumn(column: StoredColumn): string {
  const { name, type } = column
  return type === 'UHUGEINT' ? read(column) : `${identifier(name)}::${typeSql(column)} as ${identifier(name)}`
}
