import { z } from 'zod'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })

/** Long work, and how it stands. */
export const jobDocument = z
  .object({
    jobId: z.string(),
    kind: z.string(),
    input: z.unknown(),
    status: z.enum(['queued', 'running', 'cancelling', 'done', 'cancelled', 'dead']),
    runAt: milliseconds,
    attempts: z.number(),
    mostAttempts: z.number(),
    progress: z.unknown(),
    result: z.unknown(),
    failure: z.string().nullable(),
    createdAt: milliseconds,
    finishedAt: milliseconds.nullable(),
  })
  .meta({ id: 'Job' })

export const jobList = z.object({ jobs: z.array(jobDocument) }).meta({ id: 'JobList' })
export const jobCancelling = z.object({ cancelling: z.string() }).meta({ id: 'JobCancelling' })
