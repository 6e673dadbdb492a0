import {
  type BrokenRule,
  everyName,
  type MarkedViolation,
  type Planned,
  type PlannedCall,
  plannedCall,
  type UndeclaredEvents,
} from '@rapport/protocol'
import { isoOf } from '../../base/index.ts'
import type { StateQueries } from '../../state/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { listSchemas } from './schemas.ts'

const query = readQueries(new URL('./plan.sql', import.meta.url))

/** Which findings: of all schemas, of one call, of one schema, of one version of it. */
export interface FindingFilter {
  readonly call?: PlannedCall | undefined
  readonly name?: string | undefined
  readonly version?: number | undefined
}

/** Rules that events break, with how many do: those of the most first. */
export async function listBrokenRules(queries: StateQueries, filter: FindingFilter = {}): Promise<BrokenRule[]> {
  let select = queries.selectFrom('broken_rules').selectAll()
  if (filter.call !== undefined) select = select.where('call', '=', filter.call)
  if (filter.name !== undefined) select = select.where('name', '=', filter.name)
  if (filter.version !== undefined) select = select.where('version', '=', filter.version)
  const rows = await select
    .orderBy('events', 'desc')
    .orderBy('call')
    .orderBy('name')
    .orderBy('version')
    .orderBy('rule')
    .limit(1000)
    .execute()
  return rows.map(({ call, first_at, last_at, ...rest }) => ({
    ...{ ...rest, call: call as PlannedCall, firstAt: isoOf(first_at), lastAt: isoOf(last_at) },
  }))
}

/**
 * The latest events that break their schema, one by one, the latest first.
 *
 * @param page `limit`: at least 10, so that every violation of an event fits; `before`: a position
 * @returns `next`: the position to go on before; null at the end
 */
export async function listViolations(
  queries: StateQueries,
  filter: FindingFilter,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<{ readonly violations: MarkedViolation[]; readonly next: number | null }> {
  let select = queries.selectFrom('plan_violations').selectAll()
  if (filter.call !== undefined) select = select.where('call', '=', filter.call)
  if (filter.name !== undefined) select = select.where('name', '=', filter.name)
  if (filter.version !== undefined) select = select.where('version', '=', filter.version)
  if (before !== undefined) select = select.where('position', '<', before)
  const rows = await select.orderBy('position', 'desc').orderBy('ordinal').limit(limit).execute()
  const isCut = rows.length === limit
  const last = rows.at(-1)?.position
  // The last event of a full page may be cut in two: the next page has it whole.
  const whole = isCut && rows[0]!.position !== last ? rows.filter(({ position }) => position !== last) : rows
  const violations = whole.map(({ call, received_at, ordinal: _, ...rest }) => ({
    ...{ ...rest, call: call as PlannedCall, receivedAt: isoOf(received_at) },
  }))
  return { violations, next: isCut ? violations.at(-1)!.position : null }
}

/** Events in the log that no schema declares, by name, the most frequent first. */
export async function listUndeclared(
  warehouse: Warehouse,
  queries: StateQueries,
  limit: number,
): Promise<UndeclaredEvents[]> {
  const declared: readonly Planned[] = await listSchemas(queries)
  const rows = await warehouse.rows<Omit<UndeclaredEvents, 'firstAt' | 'lastAt'> & { firstAt: number; lastAt: number }>(
    query('undeclared'),
    {
      ...{ everyName, limit, calls: JSON.stringify(plannedCall.options) },
      declared: JSON.stringify(declared.map(({ call, name }) => `${call} ${name}`)),
    },
  )
  return rows.map((row) => ({ ...row, firstAt: isoOf(row.firstAt), lastAt: isoOf(row.lastAt) }))
}
