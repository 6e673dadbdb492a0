import { DuckDBInstance } from '@duckdb/node-api'
import type { Matrix } from '@rapport/numerics'
import { type Table, table } from '../../preparation/index.ts'
import { type SqlModel, type SqlOptions, toSql } from './to-sql.ts'

/** A matrix as a table whose columns have names that a careless query would stumble over. */
export const tableOf = ({ rows, columns, values }: Matrix): Table =>
  table(
    Array.from({ length: columns }, (_, column) => ({
      name: `col"umn ${column}; select`,
      kind: 'number',
      values: Float64Array.from({ length: rows }, (_row, row) => values[row * columns + column]!),
    })),
  )

/** Runs a model's query in DuckDB over the table's rows: `[columns of the result][rows]`, NaN for null. */
export async function runInDuckDb(
  model: SqlModel | readonly SqlModel[],
  rows: Table,
  options: Omit<SqlOptions, 'from' | 'keep'> = {},
): Promise<{ readonly names: readonly string[]; readonly columns: readonly number[][] }> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const named = rows.columns.map(
    ({ name, kind }) => `"${name.replaceAll('"', '""')}" ${kind === 'number' ? 'double' : 'varchar'}`,
  )
  await connection.run(`create table "t'1" (id integer, ${named.join(', ')})`)
  const appender = await connection.createAppender("t'1")
  for (let row = 0; row < rows.rows; row += 1) {
    appender.appendInteger(row)
    for (const column of rows.columns) {
      const value = column.values[row]
      if (value === null || value === undefined) appender.appendNull()
      else if (typeof value === 'number') appender.appendDouble(value)
      else appender.appendVarchar(value)
    }
    appender.endRow()
  }
  appender.closeSync()
  const query = toSql(model, { ...options, from: ['main', "t'1"], keep: ['id'] })
  const reader = await connection.runAndReadAll(`select * from (${query}) as result order by id`)
  const columns = reader
    .getColumns()
    .slice(1)
    .map((column) => column.map((value) => (value === null ? Number.NaN : Number(value))))
  const names = reader.columnNames().slice(1)
  connection.closeSync()
  instance.closeSync()
  return { names, columns }
}

/** The largest difference between the query's results and those in process, as a share of the latter's size. */
export function worstDifference(columns: readonly number[][], expected: Matrix): number {
  let worst = columns.length === expected.columns ? 0 : Infinity
  columns.forEach((column, at) => {
    if (column.length !== expected.rows) worst = Infinity
    column.forEach((value, row) => {
      const wanted = expected.values[row * expected.columns + at]!
      if (Number.isNaN(wanted) && Number.isNaN(value)) return
      const difference = value === wanted ? 0 : Math.abs(value - wanted) / Math.abs(wanted)
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference)
    })
  })
  return worst
}
