import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isApiKey, type Sessions } from '../access/index.ts'
import type { State } from '../state/index.ts'
import { requireOperator } from './operator.ts'
import { bearerOf } from './request-keys.ts'

/** Routes for programs with an API key and browsers with a session; nobody else gets past. */
export function memberRoutes(
  state: State,
  sessions: Sessions,
  routes: readonly ((server: FastifyInstance) => Promise<void>)[],
) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook('onRequest', async (request: FastifyRequest, reply) => {
      reply.header('cache-control', 'no-store')
      const secret = bearerOf(request.headers.authorization)
      if (secret !== undefined && (await isApiKey(state, secret))) return
      await requireOperator(sessions, request)
    })
    for (const route of routes) await server.register(route)
  }
}
