import { familyList, jobDocument, refitRequest } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import { enqueue, type JobKind } from '../jobs/index.ts'
import { listFamilies, type RefitRequest, refittable } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

interface One {
  readonly Params: { readonly family: string }
}

/** Families of segments, what moved since they were found, and finding their groups anew. @param refit the job's kind */
export function familyRoutes(warehouse: Warehouse, state: State, refit: JobKind<RefitRequest>) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const read = { scope: 'customers.read', role: 'viewer' } as const
    const list = {
      access: read,
      summary: 'Families of segments that models made: whether they are live, and what moved since',
      answers: { 200: familyList },
    }
    server.get('/families', { config: list }, async () => ({ families: await listFamilies(warehouse) }))
    const begin = {
      access: { scope: 'jobs.run', role: 'marketer' } as const,
      summary:
        'Finds the groups of a family anew, says which is which of before and, where accepted, puts them in their place',
      body: refitRequest,
      answers: { 202: jobDocument },
    }
    server.post<One>('/families/:family/refits', { config: begin }, async (request, reply) => {
      const { accept } = fit(refitRequest, request.body, 'api.body')
      const { family } = request.params
      await refittable(warehouse, family)
      const job = await state.transaction(async (queries) => {
        await recordAudit(queries, { actor: actorOf(request), action: 'segments.refit', target: family })
        return enqueue(
          queries,
          refit,
          { name: family, isAccepted: accept },
          { uniqueKey: `${refit.kind}:${family}:${accept}` },
        )
      })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(job)
    })
  }
}
