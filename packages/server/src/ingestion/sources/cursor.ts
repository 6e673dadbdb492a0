import { now } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { SourceCursor } from './source.ts'

const query = readQueries(new URL('./cursor.sql', import.meta.url))

/** How far a source was read; undefined before its first page. */
export async function readCursor(warehouse: Warehouse, source: string): Promise<SourceCursor | undefined> {
  const [row] = await warehouse.rows<{ cursor: string }>(query('read'), { source })
  return row && (JSON.parse(row.cursor) as SourceCursor)
}

/** Within a transaction it moves with what else is written there, or not at all. */
export const moveCursor = (warehouse: Warehouse, source: string, cursor: SourceCursor): Promise<void> =>
  warehouse.run(query('move'), { source, cursor: JSON.stringify(cursor), at: { instant: now() } })

/** The source is read from its beginning again; what the store has is not taken twice. */
export const forgetCursor = (warehouse: Warehouse, source: string): Promise<void> =>
  warehouse.run(query('forget'), { source })
