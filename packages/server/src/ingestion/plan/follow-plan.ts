import { everyName } from '@rapport/protocol'
import { followLog, type LogFollower, rowsAtOnce, type State, type StateQueries } from '../../state/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { PlannedEvent, TrackingPlan, Verdict } from './tracking-plan.ts'

const query = readQueries(new URL('./plan.sql', import.meta.url))

/** Violations of a schema version that are kept one by one; older ones are counted only. */
const mostKept = 1000

interface EventRow extends PlannedEvent {
  readonly position: number
  readonly received_at: number
}

/** An event with what its schema says of it; undefined when it was retired a moment ago. */
interface CheckedRow extends EventRow {
  readonly verdict: Verdict | undefined
}

interface Checked extends Verdict {
  readonly position: number
  readonly receivedAt: number
}

/** Checks are made in turns, and what holds is only counted: a step may take in more than others. */
const atOnce = 4 * rowsAtOnce

/**
 * Marks what the log holds against the plan: follows it, and checks every event that there is a schema for with the
 * version that holds then. Marks and counts are entered together with the cursor, so that an event counts once.
 */
export function followPlan(warehouse: Warehouse, state: State, plan: TrackingPlan): LogFollower {
  return followLog(state, {
    follower: 'plan',
    ...{ readAtOnce: atOnce, enterAtOnce: atOnce },
    read: async (after, upto, limit): Promise<CheckedRow[]> => {
      await plan.refresh()
      if (plan.declared.length === 0) return []
      const declared = JSON.stringify(plan.declared.map(({ call, name }) => `${call} ${name}`))
      const rows = await warehouse.rows<EventRow>(query('events_between'), {
        ...{ after, upto, declared, everyName, limit },
      })
      const verdicts = await plan.checkAll(rows)
      return rows.map((row, at) => ({ ...row, verdict: verdicts[at] }))
    },
    enter: async (queries, rows) => {
      const checked = rows.flatMap(({ verdict, position, received_at }): Checked[] =>
        verdict ? [{ ...verdict, position, receivedAt: received_at }] : [],
      )
      for (const ofVersion of groupedBy(checked, ({ call, name, version }) => `${call} ${version} ${name}`)) {
        await enterVersion(queries, ofVersion)
      }
    },
    publish: async () => undefined,
  })
}

/** Enters what was found by one version of one schema. */
async function enterVersion(queries: StateQueries, checked: readonly Checked[]): Promise<void> {
  const { call, name, version } = checked[0]!
  const violating = checked.filter(({ violations }) => violations.length > 0)
  await queries
    .updateTable('event_schemas')
    .set(({ eb }) => ({
      checked: eb('checked', '+', checked.length),
      violating: eb('violating', '+', violating.length),
    }))
    .where('call', '=', call)
    .where('name', '=', name)
    .where('version', '=', version)
    .execute()
  if (violating.length === 0) return
  const marks = violating.flatMap(({ position, receivedAt, violations }) =>
    violations.map((violation, ordinal) => ({
      ...{ position, ordinal, call, name, version, ...violation },
      received_at: receivedAt,
    })),
  )
  for (const ofRule of groupedBy(marks, ({ rule }) => rule)) await enterRule(queries, ofRule)
  // SQLite takes 32,766 parameters a query.
  const kept = marks.slice(-mostKept)
  for (let at = 0; at < kept.length; at += 500) {
    await queries
      .insertInto('plan_violations')
      .values(kept.slice(at, at + 500))
      .execute()
  }
  await dropOld(queries, kept[0]!)
}

interface Mark {
  readonly position: number
  readonly call: string
  readonly name: string
  readonly version: number
  readonly rule: string
  readonly must: string
  readonly received_at: number
}

/** Counts the events that break one rule. */
async function enterRule(queries: StateQueries, marks: readonly Mark[]): Promise<void> {
  const { call, name, version, rule, must } = marks[0]!
  const events = new Set(marks.map(({ position }) => position)).size
  const moments = marks.map(({ received_at }) => received_at)
  const [first_at, last_at] = [Math.min(...moments), Math.max(...moments)]
  await queries
    .insertInto('broken_rules')
    .values({ call, name, version, rule, must, events, first_at, last_at })
    .onConflict((conflict) =>
      conflict
        .columns(['call', 'name', 'version', 'rule'])
        .doUpdateSet(({ eb }) => ({ events: eb('broken_rules.events', '+', events), last_at })),
    )
    .execute()
}

async function dropOld(queries: StateQueries, { call, name, version }: Mark): Promise<void> {
  const oldest = await queries
    .selectFrom('plan_violations')
    .select('position')
    .where('call', '=', call)
    .where('name', '=', name)
    .where('version', '=', version)
    .orderBy('position', 'desc')
    .offset(mostKept)
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return
  await queries
    .deleteFrom('plan_violations')
    .where('call', '=', call)
    .where('name', '=', name)
    .where('version', '=', version)
    .where('position', '<=', oldest.position)
    .execute()
}

function groupedBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group) group.push(item)
    else groups.set(key(item), [item])
  }
  return [...groups.values()]
}
