import type { Instant } from '../base/index.ts'
import type { State } from '../state/index.ts'
import type { Job } from './job.ts'
import { jobOf } from './job-row.ts'

/** What stands in a job whose runner went away without a word. */
const abandoned = 'the process that ran it ended without a word'

/**
 * Takes the longest-waiting job that is due, for `runner` alone: of two that try, one gets it. A job whose runner gave
 * no sign of life until its lease ended is due again; it ends as dead when that was its last try.
 *
 * @param kinds what this runner can run
 * @param leaseMs for how long without a sign of life it is this runner's
 */
export async function claim(
  { queries }: State,
  runner: string,
  kinds: readonly string[],
  at: Instant,
  leaseMs: number,
): Promise<Job | undefined> {
  for (;;) {
    const row = await queries
      .selectFrom('jobs')
      .selectAll()
      .where('kind', 'in', kinds)
      .where((is) =>
        is.or([
          is.and([is('status', '=', 'queued'), is('run_at', '<=', at)]),
          is.and([is('status', 'in', ['running', 'cancelling']), is('lease_until', '<', at)]),
        ]),
      )
      .orderBy('run_at')
      .orderBy('job_id')
      .limit(1)
      .executeTakeFirst()
    if (!row) return undefined
    const change = changeOf(row, runner, at, leaseMs)
    const { numUpdatedRows } = await queries
      .updateTable('jobs')
      .set(change)
      .where('job_id', '=', row.job_id)
      .where('status', '=', row.status)
      .where('attempts', '=', row.attempts)
      .where((is) => (row.runner === null ? is('runner', 'is', null) : is('runner', '=', row.runner)))
      .executeTakeFirst()
    if (numUpdatedRows === 1n && change.status === 'running') return jobOf({ ...row, ...change })
  }
}

type Row = { status: string; attempts: number; most_attempts: number }

function changeOf(row: Row, runner: string, at: Instant, leaseMs: number) {
  if (row.status === 'cancelling') return { status: 'cancelled', runner: null, finished_at: at, failure: abandoned }
  if (row.attempts >= row.most_attempts) return { status: 'dead', runner: null, finished_at: at, failure: abandoned }
  return { status: 'running', runner, lease_until: at + leaseMs, attempts: row.attempts + 1 }
}
