import type { State } from '../state/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type ConsentDefaults, grantsOf, readDefaults, regions, storeDefaults } from './defaults.ts'
import { followConsents } from './follow.ts'
import { lastPosition } from './follow-regions.ts'
import {
  addLiveConsents,
  applyDefaults,
  clearLiveConsents,
  countLiveConsents,
  type LiveConsent,
  refreshStandings,
} from './standings.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/**
 * Brings the warehouse to what the state store says, where a process that ended in between left it behind: the ledger, the
 * defaults, and the events that nobody followed yet. Cheap where nothing is behind.
 */
export async function syncConsents(warehouse: Warehouse, state: State): Promise<void> {
  if (await syncLedger(warehouse, state)) await refreshStandings(warehouse)
  const defaults = await readDefaults(state)
  if (!(await holdsDefaults(warehouse, defaults))) await applyDefaults(warehouse, defaults)
  await followConsents(warehouse, state).catchUp(await lastPosition(warehouse))
}

/** Lets other defaults hold, from now on and for everybody who decided nothing. */
export async function changeDefaults(warehouse: Warehouse, state: State, defaults: ConsentDefaults): Promise<void> {
  await storeDefaults(state.queries, defaults)
  await applyDefaults(warehouse, defaults)
}

async function holdsDefaults(warehouse: Warehouse, defaults: ConsentDefaults): Promise<boolean> {
  const held = await warehouse.rows<{ region: string; purpose: string }>(query('held_defaults'))
  const wanted = regions.flatMap((region) => grantsOf(defaults, region).map((purpose) => `${region} ${purpose}`))
  return (
    JSON.stringify(held.map(({ region, purpose }) => `${region} ${purpose}`).sort()) === JSON.stringify(wanted.sort())
  )
}

/** Rows read at once from the ledger. */
const rowsAtOnce = 1000

/** @returns whether the warehouse held another number of decisions than the ledger */
async function syncLedger(warehouse: Warehouse, { queries }: State): Promise<boolean> {
  const { n } = await queries
    .selectFrom('consents')
    .select((is) => is.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  if (Number(n) === (await countLiveConsents(warehouse))) return false
  await clearLiveConsents(warehouse)
  let after = ''
  for (;;) {
    const rows = await queries
      .selectFrom('consents')
      .select(['consent_id', 'customer_id', 'purpose', 'decision', 'basis', 'decided_at'])
      .where('consent_id', '>', after)
      .orderBy('consent_id')
      .limit(rowsAtOnce)
      .execute()
    if (rows.length === 0) return true
    after = rows.at(-1)!.consent_id
    await addLiveConsents(
      warehouse,
      rows.map((row) => ({
        ...{ consentId: row.consent_id, receivedId: row.customer_id, purpose: row.purpose as LiveConsent['purpose'] },
        ...{ isGranted: row.decision === 'granted', basis: row.basis, decidedAt: row.decided_at },
      })),
    )
  }
}
