import { type Purpose, purpose as purposes } from '@rapport/protocol'
import type { Selectable } from 'kysely'
import type { Instant } from '../base/index.ts'
import type { State, StateTables } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { readDefaults } from './defaults.ts'
import type { Region } from './region-of.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** What holds for one customer and purpose. */
export interface Standing {
  readonly purpose: Purpose
  readonly isGranted: boolean
  /** `decided`: by the customer, or an import said so. `basis`: the store declared one. `region`: the default there. */
  readonly because: 'decided' | 'basis' | 'region'
  /** Null where nothing was decided. */
  readonly decidedAt: Instant | null
}

/** One entry of a customer's history. */
export interface Decision {
  /** The id that it came with. */
  readonly receivedId: string
  readonly purpose: Purpose
  readonly decision: 'granted' | 'denied' | 'withdrawn'
  readonly basis: string
  /** browser, signal, api, command, import */
  readonly source: string
  readonly textVersion: string | null
  /** What proves it; of an import its batch. */
  readonly proof: unknown
  readonly decidedAt: Instant
  /** Null of imports: their batch says when. */
  readonly recordedAt: Instant | null
}

export interface CustomerConsents {
  readonly region: Region
  /** One for each purpose, in the order of the purposes. */
  readonly standings: readonly Standing[]
  /** Everything that was ever decided, the latest first. */
  readonly history: readonly Decision[]
}

/** What a customer agreed to and refused, under any of their ids: what holds, and how it came to that. */
export async function consentsOf(warehouse: Warehouse, state: State, customerId: string): Promise<CustomerConsents> {
  const held = await standingsHeld(warehouse, state, customerId)
  return { ...held, history: await historyOf(warehouse, state, customerId) }
}

/** The part of it that needs no history. */
export async function standingsHeld(warehouse: Warehouse, state: State, customerId: string) {
  const { declared } = await readDefaults(state)
  return standingsOf(warehouse, customerId, declared?.purposes)
}

/**
 * Where what holds came from, by purpose: browser, signal, api or command. What an import decided, and what nobody did, is
 * not in it. Of decisions of one moment about a purpose the latest of the log holds.
 */
export async function sourcesOf(
  warehouse: Warehouse,
  state: State,
  customerId: string,
): Promise<ReadonlyMap<string, string>> {
  const held = await warehouse.rows<{ consentId: string }>(query('held_decisions'), { id: customerId })
  if (held.length === 0) return new Map()
  const ids = held.map(({ consentId }) => consentId)
  const rows = await state.queries.selectFrom('consents').selectAll().where('consent_id', 'in', ids).execute()
  const earliestFirst = rows.map(decisionOf).sort((one, other) => (positionOf(one) ?? 0) - (positionOf(other) ?? 0))
  return new Map(earliestFirst.map(({ purpose, source }) => [purpose, source]))
}

/** The same by purposes that are known. @param declared purposes for which the store has declared a basis */
export async function standingsOf(
  warehouse: Warehouse,
  customerId: string,
  declared: readonly Purpose[] = [],
): Promise<Pick<CustomerConsents, 'region' | 'standings'>> {
  const rows = await warehouse.rows<{
    readonly purpose: Purpose
    readonly region: Region
    readonly isGranted: boolean
    readonly decidedAt: number | null
  }>(query('consents_of'), { id: customerId })
  const standings = purposes.options.map((purpose): Standing => {
    const { isGranted, decidedAt } = rows.find((row) => row.purpose === purpose)!
    const byDefault = declared.includes(purpose) ? 'basis' : 'region'
    return { purpose, isGranted, decidedAt, because: decidedAt === null ? byDefault : 'decided' }
  })
  return { region: rows[0]!.region, standings }
}

async function historyOf(warehouse: Warehouse, state: State, customerId: string): Promise<Decision[]> {
  const ids = await receivedIdsOfCustomer(warehouse, customerId)
  const live: Selectable<StateTables['consents']>[] = []
  // No database takes as many parameters as somebody may have browsers.
  for (let at = 0; at < ids.length; at += idsAtOnce) {
    const some = ids.slice(at, at + idsAtOnce)
    live.push(...(await state.queries.selectFrom('consents').selectAll().where('customer_id', 'in', some).execute()))
  }
  const imported = await warehouse.rows<ImportedConsent>(query('imported_consents'), { ids: JSON.stringify(ids) })
  const decisions = [
    ...live.map(decisionOf),
    ...imported.map(
      ({ isGranted, batchId, ...rest }): Decision => ({
        ...{ ...rest, decision: isGranted ? 'granted' : 'denied', source: 'import', textVersion: null },
        ...{ proof: { batch: batchId }, recordedAt: null },
      }),
    ),
  ]
  const places = new Map(purposes.options.map((purpose, place) => [purpose, place]))
  const latestFirst = decisions.sort(
    (one, other) =>
      other.decidedAt - one.decidedAt ||
      (positionOf(other) ?? 0) - (positionOf(one) ?? 0) ||
      places.get(one.purpose)! - places.get(other.purpose)!,
  )
  return withWithdrawals(latestFirst)
}

const idsAtOnce = 5000

const decisionOf = (row: Selectable<StateTables['consents']>): Decision => ({
  ...{ receivedId: row.customer_id, purpose: row.purpose as Purpose },
  ...{ decision: row.decision as Decision['decision'], basis: row.basis, source: row.source },
  ...{ textVersion: row.text_version, proof: row.proof === null ? null : (JSON.parse(row.proof) as unknown) },
  ...{ decidedAt: row.decided_at, recordedAt: row.recorded_at },
})

/** A refusal of what the person had granted withdraws it, also where an import, or another of their ids, brought the grant. */
function withWithdrawals(latestFirst: readonly Decision[]): Decision[] {
  const isGranted = new Map<Purpose, boolean>()
  return latestFirst
    .toReversed()
    .map((entry): Decision => {
      const withdraws = entry.decision === 'denied' && isGranted.get(entry.purpose) === true
      isGranted.set(entry.purpose, entry.decision === 'granted')
      return withdraws ? { ...entry, decision: 'withdrawn' } : entry
    })
    .toReversed()
}

/** Of one moment, what stands later in the log is the later. */
const positionOf = ({ proof }: Decision): number | undefined => (proof as { position?: number } | null)?.position

interface ImportedConsent {
  readonly receivedId: string
  readonly purpose: Purpose
  readonly isGranted: boolean
  readonly basis: string
  readonly decidedAt: number
  readonly batchId: number
}

/** Every id under which a customer's consents are kept. */
async function receivedIdsOfCustomer(warehouse: Warehouse, customerId: string): Promise<string[]> {
  const rows = await warehouse.rows<{ received_id: string }>(query('received_ids'), { id: customerId })
  return rows.map(({ received_id }) => received_id)
}
