import { type Instant, now, RapportError } from '../base/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import type { JobKind } from './job.ts'
import { enqueue } from './queue.ts'

export interface Schedule<Input = unknown> {
  /** A name of its own, stable across restarts: `nightly-analysis`. */
  readonly scheduleId: string
  readonly kind: Pick<JobKind<Input>, 'kind'>
  readonly input: Input
  /** Whole milliseconds, at least 1,000. */
  readonly everyMs: number
  /** Default: `everyMs` from now. */
  readonly firstAt?: Instant
}

/**
 * Has a job made every so often; setting the same schedule again keeps when it is next due.
 *
 * @throws RapportError `jobs.every` when `everyMs` is no whole number of at least 1,000
 */
export async function setSchedule<Input>({ queries }: State, schedule: Schedule<Input>): Promise<void> {
  const { scheduleId, kind, input, everyMs, firstAt = now() + everyMs } = schedule
  if (!Number.isInteger(everyMs) || everyMs < 1000) {
    throw new RapportError(
      'jobs.every',
      `a schedule must repeat after at least 1000 whole milliseconds, got ${everyMs}`,
    )
  }
  const row = { kind: kind.kind, input: JSON.stringify(input), every_ms: everyMs }
  await queries
    .insertInto('schedules')
    .values({ schedule_id: scheduleId, ...row, next_at: firstAt })
    .onConflict((conflict) => conflict.column('schedule_id').doUpdateSet(row))
    .execute()
}

/**
 * Makes the jobs of every schedule that is due, once each however many processes look; what was missed while nothing
 * ran is made up for by one job, not by many.
 */
export async function enqueueDue(state: State, kinds: ReadonlyMap<string, JobKind>, at: Instant): Promise<void> {
  const due = await state.queries.selectFrom('schedules').selectAll().where('next_at', '<=', at).execute()
  for (const { schedule_id, kind, input, every_ms, next_at } of due) {
    const known = kinds.get(kind)
    if (!known) continue
    const next = next_at + every_ms * (Math.floor((at - next_at) / every_ms) + 1)
    await state.transaction(async (queries) => {
      const { numUpdatedRows } = await queries
        .updateTable('schedules')
        .set({ next_at: next })
        .where('schedule_id', '=', schedule_id)
        .where('next_at', '=', next_at)
        .executeTakeFirst()
      if (numUpdatedRows === 1n) {
        await enqueue(queries, known, JSON.parse(input), { uniqueKey: scheduleKey(schedule_id) })
      }
    })
  }
}

/** Makes no more jobs of it; those that wait or run stay. */
export async function removeSchedule(queries: StateQueries, scheduleId: string): Promise<void> {
  await queries.deleteFrom('schedules').where('schedule_id', '=', scheduleId).execute()
}

/** The key that a schedule's jobs have: asking for one by hand while one waits or runs gives that one. */
export const scheduleKey = (scheduleId: string): string => `schedule ${scheduleId}`
