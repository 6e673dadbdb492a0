import type { Purpose } from '@rapport/protocol'
import type { Instant } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'
import { type ConsentDefaults, grantsOf, regions } from './defaults.ts'
import { regionOf } from './region-of.ts'
import { tellStandings } from './standings-listeners.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** Somebody's word on `analytics`, as the door needs it. */
export interface AnalyticsWord {
  readonly receivedId: string
  readonly isGranted: boolean
  readonly decidedAt: Instant
}

const everybody = 'true'
const touched = 'customer_id in (select customer_id from touched_customers)'

/**
 * Brings what holds for everybody to what decisions, identities, regions and defaults say: after an import or its undoing,
 * before an analysis, when the defaults change.
 *
 * Cost: reads all decisions; all customers too where the defaults differ by region.
 */
export async function refreshStandings(warehouse: Warehouse): Promise<void> {
  await warehouse.transaction(async () => {
    await fillRegions(warehouse, everybody)
    await stand(warehouse, everybody)
  })
  await tellStandings(warehouse, 'everybody')
}

/**
 * The same for some customers, when they decided or were joined or parted.
 *
 * @param receivedIds ids as they came, or of customers
 * @param areMoved true when these ids were joined or parted: where one of them lives may be where another does
 * @returns what now holds of analytics, under every id of these customers
 */
export async function refreshStandingsOf(
  warehouse: Warehouse,
  receivedIds: readonly string[],
  { areMoved = false }: { readonly areMoved?: boolean } = {},
): Promise<AnalyticsWord[]> {
  const { words, customers } = await warehouse.transaction(async () => {
    await warehouse.stage('staged_ids', { received_id: [...new Set(receivedIds)] })
    await warehouse.run(query('touch_received'))
    if (areMoved && (await arePlaced(warehouse))) await fillRegions(warehouse, touched)
    await stand(warehouse, touched)
    return { words: await analyticsWords(warehouse, touched, true), customers: await forgetTouched(warehouse) }
  })
  await tellStandings(warehouse, customers)
  return words
}

/** The same for some customers, when they said where they live. */
export async function refreshRegionsOf(warehouse: Warehouse, customerIds: readonly string[]): Promise<void> {
  const customers = await warehouse.transaction(async () => {
    await warehouse.stage('staged_ids', { received_id: [...new Set(customerIds)] })
    await warehouse.run(query('touch_received'))
    await fillRegions(warehouse, touched)
    await stand(warehouse, touched)
    return forgetTouched(warehouse)
  })
  await tellStandings(warehouse, customers)
}

/** @returns the customers that were touched, those of before included */
async function forgetTouched(warehouse: Warehouse): Promise<readonly string[]> {
  const customers = (await warehouse.columns(query('list_touched'))).keys('customer_id')
  await warehouse.run(query('forget_touched'))
  return customers
}

/** Everybody who has refused analytics, under every id of theirs. */
export const analyticsRefusals = (warehouse: Warehouse): Promise<AnalyticsWord[]> =>
  analyticsWords(warehouse, everybody, false)

async function analyticsWords(warehouse: Warehouse, which: string, keepsGranted: boolean): Promise<AnalyticsWord[]> {
  const sql = query('analytics_of').replaceAll('{touched}', which).replaceAll('{keeps_granted}', String(keepsGranted))
  const columns = await warehouse.columns(sql)
  const [granted, decided] = [columns.numbers('is_granted'), columns.numbers('decided_at')]
  return columns.keys('received_id').map((receivedId, row) => ({
    ...{ receivedId, isGranted: granted[row] === 1, decidedAt: decided[row]! },
  }))
}

async function stand(warehouse: Warehouse, which: string): Promise<void> {
  for (const name of ['stand', 'except']) await warehouse.run(query(name).replaceAll('{touched}', which))
}

/** Whether the defaults differ by region. */
export async function areRegionsOfMatter(warehouse: Warehouse): Promise<boolean> {
  const [matters] = await warehouse.rows<{ found: boolean }>(query('is_regional'))
  return matters!.found
}

async function arePlaced(warehouse: Warehouse): Promise<boolean> {
  const [placed] = await warehouse.rows<{ found: boolean }>(query('are_placed').replaceAll('{touched}', touched))
  return placed!.found
}

async function fillRegions(warehouse: Warehouse, which: string): Promise<void> {
  await warehouse.run(query('clear_regions').replaceAll('{touched}', which))
  if (!(await areRegionsOfMatter(warehouse))) return
  await warehouse.run(query('find_countries').replaceAll('{touched}', which))
  const countries = (await warehouse.columns(query('list_countries'))).keys('country')
  const known = countries.map((country) => ({ country, region: regionOf(country) }))
  const placed = known.filter(({ region }) => region !== 'unknown')
  await warehouse.stage('staged_regions', {
    country: placed.map(({ country }) => country),
    region: placed.map(({ region }) => region),
  })
  await warehouse.run(query('fill_regions'))
}

/** Lets the store's defaults hold for everybody who decided nothing. */
export async function applyDefaults(warehouse: Warehouse, defaults: ConsentDefaults): Promise<void> {
  const granted = regions.flatMap((region) => grantsOf(defaults, region).map((purpose) => ({ region, purpose })))
  await warehouse.transaction(async () => {
    await warehouse.run(query('clear_defaults'))
    await warehouse.run(query('add_defaults'), { granted: JSON.stringify(granted) })
  })
  await refreshStandings(warehouse)
}

/** One decision of the ledger, on its way into the warehouse. */
export interface LiveConsent {
  readonly consentId: string
  readonly receivedId: string
  readonly purpose: Purpose
  readonly isGranted: boolean
  readonly basis: string
  readonly decidedAt: Instant
}

export async function addLiveConsents(warehouse: Warehouse, consents: readonly LiveConsent[]): Promise<void> {
  if (consents.length === 0) return
  await warehouse.transaction(async () => {
    await warehouse.stage('staged_consents', {
      consent_id: consents.map(({ consentId }) => consentId),
      received_id: consents.map(({ receivedId }) => receivedId),
      purpose: consents.map(({ purpose }) => purpose),
      is_granted: Int32Array.from(consents, ({ isGranted }) => (isGranted ? 1 : 0)),
      basis: consents.map(({ basis }) => basis),
      decided_at: Float64Array.from(consents, ({ decidedAt }) => decidedAt),
    })
    await warehouse.run(query('add_live'))
  })
}

export const clearLiveConsents = (warehouse: Warehouse): Promise<void> => warehouse.run(query('clear_live'))

export async function countLiveConsents(warehouse: Warehouse): Promise<number> {
  const [count] = await warehouse.rows<{ n: number }>(query('count_live'))
  return count!.n
}
