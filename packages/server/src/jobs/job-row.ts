import type { Selectable } from 'kysely'
import type { JobTable } from '../state/index.ts'
import type { Job, JobStatus } from './job.ts'

export function jobOf(row: Selectable<JobTable>): Job {
  return {
    jobId: row.job_id,
    kind: row.kind,
    input: JSON.parse(row.input),
    status: row.status as JobStatus,
    runAt: row.run_at,
    attempts: row.attempts,
    mostAttempts: row.most_attempts,
    progress: row.progress === null ? null : JSON.parse(row.progress),
    result: row.result === null ? null : JSON.parse(row.result),
    failure: row.failure,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
