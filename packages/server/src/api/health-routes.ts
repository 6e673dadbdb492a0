import { healthAnswer, readyAnswer } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import type { Health } from '../operation/index.ts'
import { problem } from './problem.ts'

/** For load balancers and supervisors: whether the process is up, and whether it should be sent requests. */
/** @param isLiveReady whether all of history is in live features and segments */
export function healthRoutes(health: Health, isLiveReady: () => boolean) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook('onSend', async (_, reply) => {
      reply.header('cache-control', 'no-store')
    })
    const up = { access: 'public', summary: 'Whether the server is up', answers: { 200: healthAnswer } } as const
    server.get('/health', { config: up }, async () => ({
      status: 'up',
      live: isLiveReady() ? 'ready' : 'building',
    }))
    const ready = {
      access: 'public',
      summary: 'Whether requests should be sent here, and why not',
      answers: { 200: readyAnswer, 503: 'application/problem+json' },
    } as const
    server.get('/ready', { config: ready }, async (_, reply) => {
      const reasons = await health.unready()
      if (reasons.length === 0) return { status: 'ready' }
      const detail = reasons.map(({ reason }) => reason).join('; ')
      return reply
        .code(503)
        .header('retry-after', '5')
        .type('application/problem+json')
        .send({ ...problem(503, 'api.not-ready', detail), reasons })
    })
  }
}
