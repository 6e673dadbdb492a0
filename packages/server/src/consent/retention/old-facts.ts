import type { RetentionPlan } from '@rapport/protocol'
import type { Work } from '../../base/index.ts'
import { duckdbDialect, type Parameters, readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./old-facts.sql', import.meta.url))
const { identifier } = duckdbDialect

/** Something whose period is over. */
export type Due = Pick<RetentionPlan, 'kind' | 'period' | 'before'>
export type Aged = Pick<RetentionPlan, 'rows' | 'oldestKept'>

/** Kinds of facts besides events, as their queries are called. */
export const factKinds = ['orders', 'quarantine', 'visitors', 'movements'] as const
export type FactKind = (typeof factKinds)[number]

/** How many events each rule is about whose period is over. */
export async function agedEvents(warehouse: Warehouse, rules: readonly Due[]): Promise<ReadonlyMap<string, Aged>> {
  if (rules.length === 0) return new Map()
  const rows = await warehouse.rows<Aged & { kind: string }>(query('events_by_rule'), rulesOf(rules))
  return new Map(rows.map(({ kind, ...aged }) => [kind, aged]))
}

export async function agedFacts(warehouse: Warehouse, kind: FactKind, before: number): Promise<Aged> {
  const [aged] = await warehouse.rows<Aged>(query(`${kind}_by_age`), { before })
  return aged!
}

/** @returns how many were removed */
export const removeEvents = (warehouse: Warehouse, rules: readonly Due[], work: Work): Promise<number> =>
  remove(warehouse, query('remove_events'), rulesOf(rules), work)

/** @returns how many rows were removed */
export function removeFacts(warehouse: Warehouse, kind: FactKind, before: number, work: Work): Promise<number> {
  return warehouse.transaction(async () => {
    const n = await remove(warehouse, query(`remove_${kind}`), { before }, work)
    if (kind === 'orders') await warehouse.run(query('forget_left_out_lines'), undefined, work)
    return n
  })
}

/** Those of the ids that no event and no order names. */
export async function withoutFacts(warehouse: Warehouse, receivedIds: readonly string[]): Promise<Set<string>> {
  const columns = await warehouse.columns(query('without_facts'), { ids: JSON.stringify(receivedIds) })
  return new Set(columns.keys('id'))
}

/** Removes from the warehouse what was decided under ids of whom nothing else is left. */
export async function forgetDecisions(warehouse: Warehouse, receivedIds: readonly string[]): Promise<void> {
  await warehouse.transaction(async () => {
    for (const sql of query('forget_decisions')
      .split(';')
      .filter((part) => part.trim() !== '')) {
      await warehouse.run(sql, { ids: JSON.stringify(receivedIds) })
    }
  })
}

/** Removes what was found out about customers of whom there is nothing any more. @returns rows removed, by table */
export async function removeDerivedOfNobody(warehouse: Warehouse, work: Work = {}): Promise<Record<string, number>> {
  return warehouse.transaction(async () => {
    const removed: Record<string, number> = {}
    for (const { table } of await warehouse.rows<{ table: string }>(query('derived_tables'))) {
      const sql = `delete from ${identifier(table)} where customer_id not in (${query('customers_with_facts')})`
      const n = await remove(warehouse, sql, {}, work)
      if (n > 0) removed[table] = n
    }
    return removed
  })
}

async function remove(warehouse: Warehouse, sql: string, parameters: Parameters, work: Work): Promise<number> {
  const [row] = await warehouse.rows<{ Count: number }>(sql, parameters, work)
  return row!.Count
}

/** `events/track/Product Viewed` is about one name of one call. */
const rulesOf = (rules: readonly Due[]): Parameters => ({
  rules: JSON.stringify(
    rules.map(({ kind, before }) => {
      const [, call = null, ...name] = kind.split('/')
      return { kind, call, name: name.length > 0 ? name.join('/') : null, before }
    }),
  ),
})
