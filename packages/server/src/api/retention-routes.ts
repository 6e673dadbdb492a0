import { jobDocument, retentionPreview, retentionRequest, retentionSettings } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import { changeRetention, type Privacy, readRetention } from '../consent/index.ts'
import { enqueue, type JobKind, scheduleKey } from '../jobs/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

/** How long what is kept, and the deletion of what was kept for long enough. @param retain that, as a job */
export function retentionRoutes({ retention }: Privacy, state: State, retain: JobKind<object>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const access = { scope: 'customers.erase', role: 'engineer' } as const
    const answers = { 200: retentionSettings }
    const read = { access, summary: 'How long what is kept; what has no period, for good', answers }
    server.get('/retention', { config: read }, () => readRetention(state.queries))
    const change = { access, summary: 'Changes how long what is kept', body: retentionSettings, answers }
    server.put('/retention', { config: change }, (request) => {
      const wanted = fit(retentionSettings, request.body, 'api.body')
      return changeRetention(state, actorOf(request), () => wanted)
    })
    const run = {
      ...{ access, body: retentionRequest, answers: { 200: retentionPreview, 202: jobDocument } },
      summary: 'Deletes what was kept for long enough, unless that waits or runs already; a dry run counts it',
    }
    server.post('/retention/runs', { config: run }, async (request, reply) => {
      const { dryRun } = fit(retentionRequest, request.body, 'api.body')
      if (dryRun) return { plan: await retention.plan() }
      const job = await state.transaction(async (queries) => {
        await recordAudit(queries, { actor: actorOf(request), action: 'retention.run' })
        return enqueue(queries, retain, {}, { uniqueKey: scheduleKey('retention') })
      })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
  }
}
