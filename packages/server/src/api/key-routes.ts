import { keyList, keyRequest, keyRotation, newKey, revoked } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import {
  createApiKey,
  listApiKeys,
  listWriteKeys,
  revokeApiKey,
  revokeWriteKey,
  rotateApiKey,
} from '../access/index.ts'
import { fit, RapportError } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { actorOf } from './route-access.ts'

interface One {
  readonly Params: { readonly id: string }
}

/** Keys of programs and pages. */
export function keyRoutes(state: State) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const access = { scope: 'admin', role: 'owner' } as const
    const list = { access, summary: 'Every key, without the secrets', answers: { 200: keyList } } as const
    server.get('/keys', { config: list }, async () => ({
      writeKeys: (await listWriteKeys(state)).map(({ write_key, name, created_at, revoked_at }) => ({
        ...{ writeKey: write_key, name, createdAt: created_at, revokedAt: revoked_at },
      })),
      apiKeys: await listApiKeys(state),
    }))
    const create = {
      access,
      ...{ summary: 'Makes an API key; its secret is shown once', body: keyRequest, answers: { 201: newKey } },
    } as const
    server.post('/keys', { config: create }, async (request, reply) => {
      const asked = fit(keyRequest, request.body, 'api.body')
      return reply.code(201).send(await createApiKey(state, { ...asked, actor: actorOf(request) }))
    })
    const rotate = {
      access,
      ...{ summary: 'Gives an API key another secret', body: keyRotation, answers: { 200: newKey } },
    } as const
    server.post<One>('/keys/:id/rotate', { config: rotate }, async (request) => {
      const { graceSeconds } = fit(keyRotation, request.body, 'api.body')
      const graceMs = graceSeconds * 1000
      return rotateApiKey(state, { keyId: request.params.id, graceMs, actor: actorOf(request) })
    })
    const revoke = { access, summary: 'Revokes a key of either kind', answers: { 200: revoked } } as const
    server.delete<One>('/keys/:id', { config: revoke }, async (request) => {
      const [{ id }, actor] = [request.params, actorOf(request)]
      if (await revokeApiKey(state, { keyId: id, actor })) return { revoked: id }
      if (await revokeWriteKey(state, id, actor)) return { revoked: id }
      throw new RapportError('access.no-key', `the key must be one that holds, got ${id}`)
    })
  }
}
