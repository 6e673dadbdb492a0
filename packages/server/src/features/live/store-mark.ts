import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** What a store held at a place of the log, to tell later whether it was changed in another way than by the log. */
export interface StoreMark {
  readonly position: number
  /** Batches before this one were over. */
  readonly batch: number
  readonly mark: string
}

export async function storeMark(warehouse: Warehouse, position: number): Promise<StoreMark> {
  const [row] = await warehouse.rows<{ batch: number }>(query('live_batch'))
  return { position, batch: row!.batch, mark: await markOf(warehouse, position, row!.batch) }
}

/** Whether the store is what it was but for what the log has since. */
export async function stillHolds(warehouse: Warehouse, { position, batch, mark }: StoreMark): Promise<boolean> {
  return (await markOf(warehouse, position, batch)) === mark
}

async function markOf(warehouse: Warehouse, position: number, batch: number): Promise<string> {
  const [row] = await warehouse.rows<{ mark: string }>(query('mark'), { position, batch })
  return row!.mark
}
