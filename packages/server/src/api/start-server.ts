import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import type { Sessions, WriteKeys } from '../access/index.ts'
import { RapportError } from '../base/index.ts'
import type { ConsentDoor } from '../consent/index.ts'
import type { EventLog, TrackingPlan, Webhooks } from '../ingestion/index.ts'
import type { JobKind } from '../jobs/index.ts'
import { type Health, measuredDoor, measuredLog } from '../operation/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { auditRoutes } from './audit-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { openApiRoutes } from './openapi/openapi-routes.ts'
import { collectRoutes } from './openapi/route-documents.ts'
import { operatorRoutes } from './operator.ts'
import { problem, problemOf } from './problem.ts'
import { productRoutes } from './product-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { guardRoutes } from './route-access.ts'
import { trackingPlanRoutes } from './tracking-plan-routes.ts'
import { trackingRoutes } from './tracking-routes.ts'
import { webhookInlet, webhookRoutes } from './webhook-routes.ts'

export interface ServerParts {
  readonly warehouse: Warehouse
  readonly state: State
  readonly log: EventLog
  readonly keys: WriteKeys
  /** What may be kept of what comes in. */
  readonly door: ConsentDoor
  /** What events must be. */
  readonly plan: TrackingPlan
  readonly sessions: Sessions
  /** How the server does; it counts what is asked of it there. */
  readonly health: Health
  readonly webhooks: Webhooks
  /** Path of the report of the last analysis. */
  readonly report: string
  /** The analysis, as a job. */
  readonly analyze: JobKind<object>
  /** Told of our own mistakes, with the request's id. */
  readonly onFailure: (error: unknown, requestId: string) => void
}

export interface ServerOptions {
  /** Default: this machine only. */
  readonly host?: string
  /** 0 takes any free one. */
  readonly port: number
  /** Whether programs of this machine see the metrics without a key. Default: false. */
  readonly metricsOnLoopback?: boolean
  /** Proxies whose word on who asks, and how, is believed: addresses, ranges, `loopback`. Default: none. */
  readonly trustProxy?: readonly string[]
}

export interface RunningServer {
  /** `http://localhost:8787` */
  readonly url: string
  /** Takes no more requests, answers those that run, and resolves; after `withinMs` it cuts what is left. */
  stop(withinMs: number): Promise<void>
}

/**
 * Serves the HTTP API.
 *
 * @throws RapportError `api.port` when the port is taken
 */
export async function startServer(
  parts: ServerParts,
  { host = '127.0.0.1', port, ...options }: ServerOptions,
): Promise<RunningServer> {
  const server = buildServer(parts, options)
  try {
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    throw new RapportError('api.port', `port ${port} must be free, it is not: pass another with --port, or 0 for any`, {
      cause: error,
    })
  }
  const name = host === '127.0.0.1' ? 'localhost' : host
  return {
    url: `http://${name}:${(server.server.address() as AddressInfo).port}`,
    stop: async (withinMs) => {
      const cut = setTimeout(() => server.server.closeAllConnections(), withinMs)
      await server.close()
      clearTimeout(cut)
    },
  }
}

/** The server without a port, for tests to inject requests into. */
export function buildServer(parts: ServerParts, options: Omit<ServerOptions, 'host' | 'port'> = {}): FastifyInstance {
  const { trustProxy = [], metricsOnLoopback = false } = options
  const { warehouse, state, log, keys, door, plan, sessions, webhooks, health, report, analyze, onFailure } = parts
  const server = fastify({
    logger: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    routerOptions: { ignoreTrailingSlash: true },
  })
  server.setErrorHandler((error, request, reply) => {
    const told = problemOf(error)
    if (told.status >= 500) onFailure(error, request.id)
    if (told.status === 429) reply.header('retry-after', '1')
    if (told.status === 503) reply.header('retry-after', '5')
    if (told.status === 401) reply.header('www-authenticate', 'Basic realm="rapport", charset="UTF-8"')
    return reply.code(told.status).type('application/problem+json').send(told)
  })
  server.setNotFoundHandler((request, reply) => {
    const detail = `there must be something at ${request.method} ${request.url.split('?')[0]}, there is not`
    return reply
      .code(404)
      .type('application/problem+json')
      .send(problem(404, 'api.not-found', detail))
  })
  server.addHook('onSend', async (_, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })
  guardRoutes(server, { state, sessions, keys })
  server.register(openApiRoutes(collectRoutes(server)))
  metricsRoutes(server, health, metricsOnLoopback)
  server.register(healthRoutes(health))
  const { metrics } = health
  const doors = { consent: measuredDoor(door, metrics), plan }
  const counting = measuredLog(log, metrics)
  server.register(trackingRoutes(counting, doors), { prefix: '/v1' })
  server.register(webhookInlet(webhooks, counting, doors), { prefix: '/v1' })
  const members = [
    customerRoutes(warehouse, state),
    productRoutes(warehouse),
    jobRoutes(state, analyze),
    auditRoutes(state),
    trackingPlanRoutes(warehouse, state, plan),
    webhookRoutes(state, webhooks),
  ]
  for (const routes of members) server.register(routes, { prefix: '/v1' })
  server.register(operatorRoutes(sessions))
  server.register(reportRoutes(report))
  return server
}
