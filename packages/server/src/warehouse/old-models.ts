import { readQueries } from './queries.ts'
import type { Warehouse } from './warehouse.ts'

const query = readQueries(new URL('./old-models.sql', import.meta.url))

/** Cards that tell how an earlier answer came about; an analysis a day makes more of them than anybody looks at. */
const oldCardsMax = 20

/**
 * Bounds what is kept of models of a purpose that nothing in the store is made by any more: of each kind the cards of the
 * latest twenty, and of none what was fitted. Models of declared predictions have their own rule, and are left alone.
 *
 * Call it when the newest has taken its place, in the same transaction.
 */
export async function boundOldModels(warehouse: Warehouse, purpose: string): Promise<void> {
  const sql = (name: string): string => query(name).replace('{used}', query('used'))
  await warehouse.run(sql('let_go_fitted'), { purpose })
  await warehouse.run(sql('drop_cards'), { purpose, most: oldCardsMax })
}
