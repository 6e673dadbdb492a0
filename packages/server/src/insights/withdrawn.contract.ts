import { join } from 'node:path'
import { consentEvent } from '@rapport/protocol'
import { followConsents, openConsentDoor, storeDefaults, syncConsents } from '../consent/index.ts'
import { makeDemo } from '../demo/index.ts'
import { appendCalls, openEventLog } from '../ingestion/index.ts'
import { exportSegment } from '../segments/index.ts'
import { openState } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { analyze, readAnalysis } from './analyze.ts'
import { viewCustomer } from './customer-view.ts'
import { findCustomers } from './find-customers.ts'
import { leaveOut } from './leave-out.ts'

/** Rows about one customer in what a shop found, by place. */
export type RowsAbout = Readonly<Record<string, number>>

/** What is there of a customer who takes profiling back over the wire. */
export interface Withdrawn {
  readonly customerId: string
  /** Kept, shown and handed out before. */
  readonly before: RowsAbout
  /** Shown and handed out right after, with the same analysis. */
  readonly served: RowsAbout
  /** What the next analysis trained on, found and kept, and its own document. */
  readonly next: RowsAbout
  /** Revenue that both analyses say the shop has had. */
  readonly totals: readonly [before: number, next: number]
  /** Customers that the next analysis says it left out, and those that it did not. */
  readonly leftOut: { readonly customers: number; readonly refused: number; readonly profiled: number } | null
}

/** Analyses a demo shop, takes one customer's consent to profiling back, and analyses again. */
export async function withdrawProfiling(folder: string, customers: number): Promise<Withdrawn> {
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  try {
    await storeDefaults(state.queries, { rule: 'by-region', declared: null })
    await syncConsents(warehouse, state)
    await makeDemo(warehouse, { scenario: 'fashion', customers })
    const first = await analyze(warehouse)
    const customerId = await mostFoundOf(warehouse)
    const before = { ...(await keptOf(warehouse, customerId)), ...(await servedOf(warehouse, customerId)) }
    const log = await openEventLog(warehouse)
    const withdrawal = { categoryPreferences: { profiling: false } }
    await appendCalls(log, [
      { type: 'track', event: consentEvent, userId: customerId, context: { consent: withdrawal } },
    ])
    const report = join(folder, 'report.html')
    const out = (ids: readonly string[]): Promise<void> => leaveOut(warehouse, ids, report)
    await followConsents(warehouse, state, await openConsentDoor(warehouse, state), out).catchUp(log.position)
    const kept = JSON.stringify(await readAnalysis(warehouse)).includes(JSON.stringify(customerId)) ? 1 : 0
    const served = { ...(await servedOf(warehouse, customerId)), 'analysis kept': kept }
    await log.close()
    const analysis = await analyze(warehouse)
    const document = JSON.stringify(analysis).includes(JSON.stringify(customerId)) ? 1 : 0
    const next = { ...(await keptOf(warehouse, customerId)), ...(await servedOf(warehouse, customerId)), document }
    const totals = [first, analysis].map(({ firstLook }) => firstLook.total.revenue) as [number, number]
    return { customerId, before, served, next, totals, leftOut: analysis.leftOut }
  } finally {
    await state.close()
    await warehouse.close()
  }
}

/** A customer of whom there is something of every kind. */
async function mostFoundOf(warehouse: Warehouse): Promise<string> {
  const [row] = await warehouse.rows<{ id: string }>(
    `select customer_id as id from scores join segment_members using (customer_id) join recommendations using (customer_id)
    where scores.score = 'lapse_probability' order by scores.value desc, customer_id limit 1`,
  )
  return row!.id
}

/** In the tables themselves: what models are trained on, and what an analysis keeps. */
async function keptOf(warehouse: Warehouse, id: string): Promise<RowsAbout> {
  const tables = ['profiled_lines', 'profiled_events', 'profiled_customers', 'customer_features']
  const found = ['scores', 'segment_members', 'recommendations']
  return countRows(warehouse, id, [...tables, ...found])
}

/** Through the rooms that show and hand out. */
async function servedOf(warehouse: Warehouse, id: string): Promise<RowsAbout> {
  const view = await viewCustomer(warehouse, id)
  const segments = await warehouse.rows<{ id: string }>('select segment_id as id from segments')
  let exported = 0
  for (const segment of segments) {
    const { rows } = await exportSegment(warehouse, segment.id)
    exported += rows.filter(([customer]) => customer === id).length
  }
  const listed = await findCustomers(warehouse, { search: id, after: '', limit: 200 })
  const inList = listed.customers.filter(({ customerId, segment }) => customerId === id && segment !== null).length
  const shown = { scores: view.scores.length, segments: view.segments.length, products: view.recommendations.length }
  return {
    ...{ 'scores shown': shown.scores, 'segments shown': shown.segments, 'products shown': shown.products },
    ...{ 'segment listed': inList, exported },
  }
}

async function countRows(warehouse: Warehouse, id: string, tables: readonly string[]): Promise<RowsAbout> {
  const counts: Record<string, number> = {}
  for (const table of tables) {
    const [row] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${table} where customer_id = $id`, {
      id,
    })
    counts[table] = row!.n
  }
  return counts
}
