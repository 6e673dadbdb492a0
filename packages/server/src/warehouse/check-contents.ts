import { RapportError } from '../base/index.ts'
import type { Session } from './session.ts'
import { type StoredColumn, type StoredTable, typeSql } from './stored-table.ts'

/** As analyses may call tables of theirs. */
const namePattern = /^[a-z][a-z0-9_]{0,62}$/
const columnPattern = /^[^\p{Cc}]{1,200}$/u

/**
 * Tables of the store's own schema must be as its migrations made them. Of others, which analyses made, every name and
 * type must be one that an analysis gives.
 *
 * @param tables what comes from a file
 * @param made what the migrations made, by its name
 * @throws RapportError `warehouse.contents`
 */
export function checkTables(tables: readonly StoredTable[], made: ReadonlyMap<string, StoredTable>): void {
  const names = new Set<string>()
  for (const { name, columns } of tables) {
    if (names.has(name)) throw wrong(`each table must be in it once, got ${name} twice`)
    names.add(name)
    const own = made.get(name)
    if (own) checkOwn(name, columns, own.columns)
    else checkAnalysed(name, columns)
  }
}

function checkOwn(table: string, got: readonly StoredColumn[], wanted: readonly StoredColumn[]): void {
  const list = (columns: readonly StoredColumn[]): string[] => columns.map(({ name, type }) => `${name} ${type}`).sort()
  const [has, must] = [list(got), list(wanted)]
  const other = has.find((column) => !must.includes(column)) ?? must.find((column) => !has.includes(column))
  if (other === undefined && has.length === must.length) return
  throw wrong(`the table ${table} must have the columns of its schema, got another: ${other ?? 'one twice'}`)
}

function checkAnalysed(table: string, columns: readonly StoredColumn[]): void {
  if (!namePattern.test(table) || table === 'schema_migrations' || columns.length === 0) {
    throw wrong(`a table must be of the schema or of an analysis, got ${JSON.stringify(table)}`)
  }
  for (const column of columns) {
    if (!columnPattern.test(column.name)) throw wrong(`${table} must have columns with a name, got ${column.name}`)
    typeSql(column)
  }
}

/** Sequences must be those that the migrations made. */
export async function checkSequences(sequences: Readonly<Record<string, number>>, session: Session): Promise<void> {
  const made = await session.rows<{ name: string }>('select sequence_name as name from duckdb_sequences()')
  for (const [name, next] of Object.entries(sequences)) {
    if (!made.some((each) => each.name === name)) throw wrong(`a sequence must be of the schema, got ${name}`)
    if (!Number.isSafeInteger(next) || next < 1) {
      throw wrong(`the sequence ${name} must go on from a whole number above 0, got ${next}`)
    }
  }
}

const wrong = (message: string): RapportError => new RapportError('warehouse.contents', message)
