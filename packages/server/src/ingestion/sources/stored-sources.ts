import { type SourceDefinition, sourceDefinition, sourceName } from '@rapport/protocol'
import { fit, type Instant, now, RapportError } from '../../base/index.ts'
import { removeSchedule, setSchedule } from '../../jobs/index.ts'
import type { SourceTable, State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { forgetCursor } from './cursor.ts'
import type { Taken } from './take-page.ts'

/** The job that runs a source. */
export const sourceJobName = 'source'

export const scheduleOf = (name: string): string => `source ${name}`

/** A source, and how its runs went. */
export interface SourceView {
  readonly name: string
  readonly definition: SourceDefinition
  readonly createdAt: Instant
  readonly ranAt: Instant | null
  /** What the last run that came to its end took. */
  readonly result: Taken | null
  /** What kept the last run from its end. */
  readonly failure: string | null
  readonly failedAt: Instant | null
  /** The other side asked not to be asked before. */
  readonly waitUntil: Instant | null
}

/**
 * Keeps a source, or puts it in the place of one of the same name; its first run is due at once. One that comes from
 * elsewhere now begins at its beginning.
 *
 * @throws RapportError `sources.name`
 */
export async function putSource(
  warehouse: Warehouse,
  state: State,
  name: string,
  definition: SourceDefinition,
): Promise<SourceView> {
  fit(sourceName, name, 'sources.name')
  const before = await state.queries
    .selectFrom('sources')
    .select('definition')
    .where('source_id', '=', name)
    .executeTakeFirst()
  const isElsewhere =
    before !== undefined &&
    JSON.stringify(sourceDefinition.parse(JSON.parse(before.definition)).from) !== JSON.stringify(definition.from)
  if (before === undefined || isElsewhere) await forgetCursor(warehouse, name)
  const row = { definition: JSON.stringify(definition), wait_until: null, failure: null, failed_at: null }
  await state.queries
    .insertInto('sources')
    .values({ source_id: name, ...row, created_at: now(), ran_at: null, result: null })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(row))
    .execute()
  await scheduleSource(state, name, definition, now())
  return findSource(state, name)
}

/** Sees to it that a source runs as often as it says. */
const scheduleSource = (state: State, name: string, { everyMs }: SourceDefinition, firstAt: Instant): Promise<void> =>
  setSchedule(state, { scheduleId: scheduleOf(name), kind: { kind: sourceJobName }, input: { name }, everyMs, firstAt })

export async function listSources({ queries }: State): Promise<SourceView[]> {
  return (await queries.selectFrom('sources').selectAll().orderBy('source_id').execute()).map(viewOf)
}

/** @throws RapportError `sources.not-found` */
export async function findSource({ queries }: State, name: string): Promise<SourceView> {
  const row = await queries.selectFrom('sources').selectAll().where('source_id', '=', name).executeTakeFirst()
  if (!row) throw new RapportError('sources.not-found', `there must be a source named ${name}, there is none`)
  return viewOf(row)
}

/** What it brought stays. @throws RapportError `sources.not-found` */
export async function removeSource(warehouse: Warehouse, state: State, name: string): Promise<void> {
  await findSource(state, name)
  await state.transaction(async (queries) => {
    await removeSchedule(queries, scheduleOf(name))
    await queries.deleteFrom('sources').where('source_id', '=', name).execute()
  })
  await forgetCursor(warehouse, name)
}

/** How a run went. */
export async function noteRun(
  { queries }: State,
  name: string,
  outcome: { readonly result: Taken } | { readonly failure: string; readonly waitUntil: Instant | null },
): Promise<void> {
  const at = now()
  const change =
    'result' in outcome
      ? { ran_at: at, result: JSON.stringify(outcome.result), failure: null, failed_at: null, wait_until: null }
      : { failure: outcome.failure, failed_at: at, wait_until: outcome.waitUntil }
  await queries.updateTable('sources').set(change).where('source_id', '=', name).execute()
}

function viewOf(row: SourceTable): SourceView {
  return {
    name: row.source_id,
    definition: sourceDefinition.parse(JSON.parse(row.definition)),
    createdAt: row.created_at,
    ranAt: row.ran_at,
    result: row.result === null ? null : (JSON.parse(row.result) as Taken),
    failure: row.failure,
    failedAt: row.failed_at,
    waitUntil: row.wait_until,
  }
}
