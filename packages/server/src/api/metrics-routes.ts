import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Health } from '../operation/index.ts'
import { loopbackNames } from './origins.ts'

/** Counts every request by its pattern, and shows all metrics to who may see them. */
export function metricsRoutes(server: FastifyInstance, health: Health, isOpenOnLoopback: boolean): void {
  server.addHook('onResponse', async (request, reply) => {
    health.metrics.answered({
      method: request.method,
      // Not the path: it may name a customer, and each would be a series of its own.
      route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    })
  })
  const need = { scope: 'metrics.read', role: 'engineer' } as const
  const access = isOpenOnLoopback ? { ...need, isOpenTo: isFromThisMachine } : need
  const config = { access, summary: 'How the server does, for Prometheus', answers: { 200: 'text/plain' } } as const
  server.get('/metrics', { config }, async (_, reply) =>
    reply.type(health.metrics.contentType).send(await health.exposition()),
  )
}

/**
 * Whether a program of this machine asks for itself: not a proxy here for somebody elsewhere, nor a browser here for a
 * page that had its name point here.
 */
export function isFromThisMachine({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''
  const isLoopback = address === '::1' || address.startsWith('127.')
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers[name] !== undefined)
  const name = (headers.host ?? '').replace(/:\d+$/, '')
  return isLoopback && !isForwarded && loopbackNames.has(name)
}
