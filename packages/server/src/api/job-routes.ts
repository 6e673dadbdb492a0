import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'
import { cancel, enqueue, findJob, type JobKind, listJobs } from '../jobs/index.ts'
import type { State } from '../state/index.ts'

/** Long work that a person asks for: the analysis, and how it stands. @param analyze the job's kind */
export function jobRoutes(state: State, analyze: JobKind<object>) {
  return async (server: FastifyInstance): Promise<void> => {
    const read = { config: { access: { scope: 'jobs.run', role: 'viewer' } } } as const
    const run = { config: { access: { scope: 'jobs.run', role: 'marketer' } } } as const
    server.post('/analyses', run, async (_, reply) => {
      const job = await enqueue(state.queries, analyze, {}, { uniqueKey: analyze.kind })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
    server.get('/jobs', read, async () => ({ jobs: await listJobs(state, 100) }))
    server.get<{ Params: { id: string } }>('/jobs/:id', read, async ({ params }) => {
      const job = await findJob(state, params.id)
      if (!job) throw new RapportError('api.not-found', `there must be such a job, got ${params.id}`)
      return job
    })
    server.delete<{ Params: { id: string } }>('/jobs/:id', run, async ({ params }, reply) => {
      if (await cancel(state, params.id)) return reply.code(202).send({ cancelling: params.id })
      throw new RapportError('api.not-found', `there must be such a job that waits or runs, got ${params.id}`)
    })
  }
}
