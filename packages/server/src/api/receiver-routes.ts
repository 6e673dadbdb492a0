import { madeReceiver, receiver, receiverDraft, receiverList } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import {
  addReceiver,
  checkReceiverSegments,
  checkReceiverUrl,
  listReceivers,
  removeReceiver,
  resumeReceiver,
  rotateReceiver,
} from '../segments/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

interface ReceiverPath {
  Params: { id: string }
}

const access = { scope: 'sources.manage', role: 'engineer' } as const

/**
 * Other systems that are told who comes into live segments and leaves them.
 *
 * @param allowHosts hosts that requests may reach although they are not public
 */
export function receiverRoutes(warehouse: Warehouse, state: State, allowHosts: readonly string[]) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    /** What is changed and who did it are written together. */
    const change = <Changed>(
      request: FastifyRequest,
      action: string,
      deed: (queries: StateQueries) => Promise<Changed>,
      idOf: (changed: Changed) => string,
    ): Promise<Changed> =>
      state.transaction(async (queries) => {
        const done = await deed(queries)
        await recordAudit(queries, { actor: actorOf(request), action, target: idOf(done) })
        return done
      })
    const list = {
      ...{ access, answers: { 200: receiverList } },
      summary: 'Receivers, which are told who comes into live segments and leaves them; the oldest first',
    }
    server.get('/receivers', { config: list }, async () => ({ receivers: await listReceivers(state.queries) }))
    const add = { access, summary: 'Makes a receiver', body: receiverDraft, answers: { 201: madeReceiver } }
    server.post('/receivers', { config: add }, async (request, reply) => {
      const draft = fit(receiverDraft, request.body ?? {}, 'api.body')
      checkReceiverUrl(draft.url, allowHosts)
      await checkReceiverSegments(warehouse, state.queries, draft.segments)
      const made = await change(
        request,
        'receivers.add',
        (queries) => addReceiver(queries, draft),
        (done) => done.receiver.receiverId,
      )
      return reply.code(201).header('location', `/v1/receivers/${made.receiver.receiverId}`).send(made)
    })
    const rotate = {
      ...{ access, answers: { 200: madeReceiver } },
      summary: 'Gives a receiver another secret; for a day deliveries are signed with both',
    }
    server.post<ReceiverPath>('/receivers/:id/rotate', { config: rotate }, (request) =>
      change(
        request,
        'receivers.rotate',
        (queries) => rotateReceiver(queries, request.params.id),
        (done) => done.receiver.receiverId,
      ),
    )
    const resume = {
      ...{ access, answers: { 200: receiver } },
      summary: 'Tries a receiver again that was given up, from where it was',
    }
    server.post<ReceiverPath>('/receivers/:id/resume', { config: resume }, (request) =>
      change(
        request,
        'receivers.resume',
        (queries) => resumeReceiver(queries, request.params.id),
        ({ receiverId }) => receiverId,
      ),
    )
    const remove = { access, summary: 'Tells a receiver no more, and forgets it', answers: { 204: null } }
    server.delete<ReceiverPath>('/receivers/:id', { config: remove }, async (request, reply) => {
      await change(
        request,
        'receivers.remove',
        (queries) => removeReceiver(queries, request.params.id),
        ({ receiverId }) => receiverId,
      )
      return reply.code(204).send()
    })
  }
}
