import { newId, type Work } from '../base/index.ts'
import type { Stageable, Warehouse } from './warehouse.ts'

/**
 * Columns as a table for as long as `use` takes, under a name that no other request has, of this process or of one beside it.
 *
 * @param use is given the name of the table
 */
export async function withStaged<Result>(
  warehouse: Warehouse,
  columns: Stageable,
  use: (table: string) => Promise<Result>,
  work?: Work,
): Promise<Result> {
  const table = newId('staged')
  await warehouse.stage(table, columns, work)
  try {
    return await use(table)
  } finally {
    await warehouse.run(`drop table ${table}`)
  }
}
