import { type Column, table } from '@rapport/learn'
import { matrix } from '@rapport/numerics'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Exemplars } from '../discovery/placing.ts'

const query = readQueries(new URL('../families.sql', import.meta.url))

const staged = 'staged_exemplars'

type Coordinates = readonly (number | string | null)[]

/**
 * Keeps the customers that others are compared with: in a table by their ids, so that an erasure takes them out of it.
 * Call it inside a transaction.
 */
export async function keepExemplars(warehouse: Warehouse, modelId: string, exemplars: Exemplars): Promise<void> {
  const { customerIds, segments } = exemplars
  await warehouse.stage(staged, {
    customer_id: customerIds,
    segment: segments,
    position: Int32Array.from(segments.keys()),
    coordinates: customerIds.map((_, row) => JSON.stringify(coordinatesOf(exemplars, row))),
  })
  await warehouse.run(query('add_exemplars').replace('{table}', staged), { model_id: modelId })
  await warehouse.run(`drop table ${staged}`)
}

/** Keeps others in their place; call it inside a transaction. */
export async function replaceExemplars(warehouse: Warehouse, modelId: string, exemplars: Exemplars): Promise<void> {
  await warehouse.run(query('forget_exemplars_of'), { model_id: modelId })
  await keepExemplars(warehouse, modelId, exemplars)
}

function coordinatesOf({ data, table: mixed }: Exemplars, row: number): Coordinates {
  if (data) return Array.from(data.values.subarray(row * data.columns, (row + 1) * data.columns))
  return mixed!.columns.map(({ kind, values }) => {
    const value = values[row]!
    return kind === 'number' && Number.isNaN(value) ? null : value
  })
}

/**
 * The exemplars of a model that are still there.
 *
 * @param like columns in the order in which they were kept; null for points of a matrix
 * @returns null when all are gone
 */
export async function readExemplars(
  warehouse: Warehouse,
  modelId: string,
  like: readonly Pick<Column, 'name' | 'kind'>[] | null,
): Promise<Exemplars | null> {
  type Row = { customer_id: string; segment: number; coordinates: string }
  const rows = await warehouse.rows<Row>(query('exemplars'), { model_id: modelId })
  if (rows.length === 0) return null
  const coordinates = rows.map((row) => JSON.parse(row.coordinates) as Coordinates)
  const common = {
    customerIds: rows.map(({ customer_id }) => customer_id),
    segments: Int32Array.from(rows, ({ segment }) => segment),
  }
  if (like === null) {
    const values = Float64Array.from(coordinates.flat() as number[])
    return { ...common, data: matrix(rows.length, values.length / rows.length, values), table: null }
  }
  const columns = like.map(({ name, kind }, at): Column => {
    const values = coordinates.map((row) => row[at] ?? null)
    return kind === 'number'
      ? { name, kind, values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))) }
      : { name, kind, values: values as (string | null)[] }
  })
  return { ...common, data: null, table: table(columns) }
}
