import { jobCancelling, jobDocument, jobList } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'
import { cancel, enqueue, findJob, type JobKind, listJobs } from '../jobs/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'

/** Long work that a person asks for: the analysis, and how it stands. @param analyze the job's kind */
export function jobRoutes(state: State, analyze: JobKind<object>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const [read, run] = [
      { scope: 'jobs.run', role: 'viewer' } as const,
      { scope: 'jobs.run', role: 'marketer' } as const,
    ]
    const begin = {
      access: run,
      summary: 'Begins an analysis, unless one waits or runs',
      answers: { 202: jobDocument },
    }
    server.post('/analyses', { config: begin }, async (_, reply) => {
      const job = await enqueue(state.queries, analyze, {}, { uniqueKey: analyze.kind })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
    const list = { access: read, summary: 'Jobs, the newest first', answers: { 200: jobList } }
    server.get('/jobs', { config: list }, async () => ({ jobs: await listJobs(state, 100) }))
    const one = { access: read, summary: 'How a job stands', answers: { 200: jobDocument } }
    server.get<{ Params: { id: string } }>('/jobs/:id', { config: one }, async ({ params }) => {
      const job = await findJob(state, params.id)
      if (!job) throw new RapportError('api.not-found', `there must be such a job, got ${params.id}`)
      return job
    })
    const stop = { access: run, summary: 'Asks a job to stop', answers: { 202: jobCancelling } }
    server.delete<{ Params: { id: string } }>('/jobs/:id', { config: stop }, async ({ params }, reply) => {
      if (await cancel(state, params.id)) return reply.code(202).send({ cancelling: params.id })
      throw new RapportError('api.not-found', `there must be such a job that waits or runs, got ${params.id}`)
    })
  }
}
