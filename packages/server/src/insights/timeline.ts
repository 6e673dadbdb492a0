import { isoOf } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Something that a customer did, as a person reads it. */
export interface Occurrence {
  readonly call: string
  readonly name: string
  /** ISO 8601, UTC. */
  readonly occurredAt: string
  readonly productId: string | null
  readonly source: string | null
  /** What they wrote, its first 500 characters. */
  readonly text: string | null
}

/** What a customer did, the latest first, 100 at most. */
export async function timelineOf(warehouse: Warehouse, customerId: string): Promise<Occurrence[]> {
  const rows = await warehouse.rows<Omit<Occurrence, 'occurredAt'> & { occurredAt: number }>(
    query('customer_timeline'),
    {
      id: customerId,
    },
  )
  return rows.map((row) => ({ ...row, occurredAt: isoOf(row.occurredAt) }))
}
