import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Cause, DecidingClause } from '../live/movement.ts'
import type { KeptMovement } from './kept-movement.ts'

const query = readQueries(new URL('./movements.sql', import.meta.url))

interface Row {
  readonly number: number
  readonly segment: string
  readonly version: number
  readonly sequence: number
  readonly customer: string | null
  readonly at: number
  readonly is_entry: boolean
  readonly because: Cause
  readonly clauses: string | null
}

const movementOf = ({ is_entry, because, clauses, ...rest }: Row): KeptMovement => ({
  ...rest,
  isEntry: is_entry,
  reason: { because, clauses: clauses === null ? [] : (JSON.parse(clauses) as DecidingClause[]) },
})

/** Movements of the warehouse after a number and up to another, in order. @param range `most`: at most 10,000 */
export async function movementRows(
  warehouse: Warehouse,
  range: { readonly after: number; readonly until: number; readonly most: number },
): Promise<readonly KeptMovement[]> {
  return (await warehouse.rows<Row>(query('after'), range)).map(movementOf)
}
