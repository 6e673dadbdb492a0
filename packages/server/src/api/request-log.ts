import type { FastifyInstance } from 'fastify'
import type { Configuration } from '../base/index.ts'

/** How much is logged: a line for each request from `info` on, what went wrong on our side from `error` on. */
export type LogLevel = Configuration['logLevel']

/**
 * One JSON line for each answer. Not a word about a person or a secret: the pattern of the route instead of the path, no
 * query, no body, no header, no address; who asks is an operator's or a key's id.
 */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, caller } = request
    const line = {
      ...{ method, route: routeOptions.url ?? 'none', status: reply.statusCode },
      ...{ ms: Math.round(reply.elapsedTime), caller: caller?.id ?? null },
    }
    request.log.info(line, 'answered')
    done()
  })
}
