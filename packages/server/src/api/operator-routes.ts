import { operatorChange, operatorDocument, operatorInvite, operatorInvited, operatorList } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { inviteToJoin, listOperators, operatorOfEmail, removeOperator, setRole } from '../access/index.ts'
import { fit } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { type Origins, reachedAt } from './origins.ts'
import { actorOf } from './route-access.ts'

interface One {
  readonly Params: { readonly id: string }
}

/** Who works with rapport. */
export function operatorRoutes(state: State, origins: Origins) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const access = { scope: 'admin', role: 'owner' } as const
    const list = { access, summary: 'Operators, the oldest first', answers: { 200: operatorList } } as const
    server.get('/operators', { config: list }, async () => ({ operators: await listOperators(state.queries) }))
    const invite = {
      access,
      ...{ summary: 'Invites an operator, or lets one choose another password', body: operatorInvite },
      answers: { 201: operatorInvited },
    } as const
    server.post('/operators', { config: invite }, async (request, reply) => {
      const asked = fit(operatorInvite, request.body, 'api.body')
      const actor = actorOf(request)
      const operator = await operatorOfEmail(state, { ...asked, actor })
      const link = `${reachedAt(request, origins)}/join/${await inviteToJoin(state, operator, actor)}`
      return reply.code(201).send({ operator, link })
    })
    const change = {
      access,
      ...{ summary: 'Changes an operator’s role', body: operatorChange, answers: { 200: operatorDocument } },
    } as const
    server.patch<One>('/operators/:id', { config: change }, async (request) => {
      const { role } = fit(operatorChange, request.body, 'api.body')
      return setRole(state, { operatorId: request.params.id, role, actor: actorOf(request) })
    })
    const remove = { access, summary: 'Removes an operator with their sessions', answers: { 204: null } } as const
    server.delete<One>('/operators/:id', { config: remove }, async (request, reply) => {
      await removeOperator(state, { operatorId: request.params.id, actor: actorOf(request) })
      return reply.code(204).send()
    })
  }
}
