import { dayMs, isoOf, now } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** How events are coming in. */
export interface Arrivals {
  /** Events taken in during the last minute, hour and day. */
  readonly minute: number
  readonly hour: number
  readonly day: number
  /** ISO 8601; null when none ever came over the wire. */
  readonly lastAt: string | null
  /** Records that could not be taken and wait to be mended. */
  readonly quarantined: number
}

export async function arrivalsOf(warehouse: Warehouse): Promise<Arrivals> {
  const at = now()
  const [row] = await warehouse.rows<Omit<Arrivals, 'lastAt'> & { lastAt: number | null }>(query('arrivals'), {
    minute: { instant: at - 60_000 },
    hour: { instant: at - 3_600_000 },
    day: { instant: at - dayMs },
  })
  return { ...row!, lastAt: row!.lastAt === null ? null : isoOf(row!.lastAt) }
}

/** What every page of a store has to know. */
export interface StoreFacts {
  /** The demo's scenario; null for a shop's own data. */
  readonly simulated: string | null
  readonly timezone: string
}

export async function storeFacts(warehouse: Warehouse): Promise<StoreFacts> {
  const [row] = await warehouse.rows<{ simulated: string | null; timezone: string | null }>(query('store_settings'))
  return { simulated: row?.simulated ?? null, timezone: row?.timezone ?? 'UTC' }
}
