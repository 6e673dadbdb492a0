import { dayMs, type Instant } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Analysis } from './analysis.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * The end of a demo shop's history; null in a store of a shop's own data. The clock of a demo stands there: what is sent
 * to it later is of today, and an analysis as of today would find that its simulated customers have all gone.
 */
export async function simulatedUntil(warehouse: Warehouse): Promise<Instant | null> {
  const [row] = await warehouse.rows<{ until: number | null }>(query('simulated_until'))
  return row?.until ?? null
}

/** What an analysis has to say of the moment that it is as of. */
export interface Clock {
  readonly asOf: Instant
  /** Null for a shop's own data, and in analyses of before it was kept. */
  readonly simulatedUntil: Instant | null
  readonly lastSaleAt: Instant
  /** How far the lapse model looks ahead; null where it is not found. */
  readonly lapseHorizonDays: number | null
}

/** Without a lapse model: so long without a sale is more than a slow month. */
const quietDays = 60

/** What a reader must know of the moment before they read a number, without a full stop; undefined when nothing. */
export function clockWords(clock: Clock, date: (at: Instant) => string): string | undefined {
  const { asOf, simulatedUntil: until, lastSaleAt, lapseHorizonDays } = clock
  if (until !== null && asOf <= until) {
    return `This shop is simulated up to ${date(until)}; what was sent since is kept, and not analysed`
  }
  const days = Math.floor((asOf - lastSaleAt) / dayMs)
  if (days <= (lapseHorizonDays ?? quietDays)) return undefined
  const lastDay = new Date(lastSaleAt).toISOString().slice(0, 10)
  return `No sale for ${days.toLocaleString('en')} days before ${date(asOf)}, the day up to which is analysed; rapport analyze --as-of ${lastDay} analyses up to the last sale`
}

/** Of a whole analysis. */
export const clockOf = ({ asOf, simulatedUntil, firstLook, predictions: { lapse } }: Analysis): Clock => ({
  ...{ asOf, simulatedUntil, lastSaleAt: firstLook.to },
  lapseHorizonDays: lapse.found ? lapse.horizonDays : null,
})
