import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

/** What a store held at a place of the log, to tell later whether it was changed in another way than by the log. */
export interface StoreMark {
  readonly position: number
  /** Batches before this one were over. */
  readonly batch: number
  /** Whether scores are of matter. */
  readonly scores: boolean
  readonly mark: string
  /** What of it no erasure changes: imports and their undoing, scores, settings. */
  readonly brought: string
}

/** @param position default: where the log ends in the warehouse */
export async function storeMark(warehouse: Warehouse, scores: boolean, position?: number): Promise<StoreMark> {
  const [row] = await warehouse.rows<{ batch: number }>(query('live_batch'))
  const [log] = await warehouse.rows<{ position: number }>(query('position'))
  const at = { position: position ?? log!.position, batch: row!.batch, scores }
  return { ...at, ...(await markOf(warehouse, at)) }
}

/** Whether the store is what it was but for what the log has since. */
export async function stillHolds(warehouse: Warehouse, { mark, brought: _, ...at }: StoreMark): Promise<boolean> {
  return (await markOf(warehouse, at)).mark === mark
}

async function markOf(warehouse: Warehouse, at: Pick<StoreMark, 'position' | 'batch' | 'scores'>) {
  const [row] = await warehouse.rows<Pick<StoreMark, 'mark' | 'brought'>>(query('mark'), { ...at })
  return row!
}
