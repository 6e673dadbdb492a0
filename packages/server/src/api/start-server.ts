import type { AddressInfo } from 'node:net'
import fastify, { type FastifyInstance, LogController } from 'fastify'
import { LoginAttempts, type WriteKeys } from '../access/index.ts'
import { newId, RapportError } from '../base/index.ts'
import type { ConsentDoor, Privacy } from '../consent/index.ts'
import type { EventLog, TrackingPlan, Webhooks } from '../ingestion/index.ts'
import type { LiveInsight } from '../insights/index.ts'
import type { JobKind } from '../jobs/index.ts'
import { type Health, measuredDoor, measuredLog } from '../operation/index.ts'
import type { PredictInput } from '../predictions/index.ts'
import type { LiveCopy, RefitRequest } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { answerErrors } from './answer-errors.ts'
import { auditRoutes } from './audit-routes.ts'
import { limitBodies } from './bodies/limit-bodies.ts'
import { consentRoutes } from './consent-routes.ts'
import { CostlyWork } from './costly-work.ts'
import { customerRoutes } from './customer-routes.ts'
import { familyRoutes } from './family-routes.ts'
import { featureRoutes } from './feature-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { jobRoutes } from './job-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { liveInsightRoutes } from './live-insight-routes.ts'
import { liveRoutes } from './live-routes.ts'
import { metricsRoutes } from './metrics-routes.ts'
import { movementRoutes } from './movement-routes.ts'
import { openApiRoutes } from './openapi/openapi-routes.ts'
import { collectRoutes } from './openapi/route-documents.ts'
import { operatorRoutes } from './operator-routes.ts'
import { assetRoutes } from './pages/assets.ts'
import { pageRoutes } from './pages/page-routes.ts'
import { predictionRoutes } from './prediction-routes.ts'
import { privacyRoutes } from './privacy-routes.ts'
import { productRoutes } from './product-routes.ts'
import { quarantineRoutes } from './quarantine-routes.ts'
import { receiverRoutes } from './receiver-routes.ts'
import { reportRoutes } from './report-routes.ts'
import { type LogLevel, logRequests } from './request-log.ts'
import { retentionRoutes } from './retention-routes.ts'
import { guardRoutes, type Rates } from './route-access.ts'
import { sdkSettingsRoutes } from './sdk-settings-routes.ts'
import { addSecurityHeaders } from './security-headers.ts'
import { segmentDefinitionRoutes } from './segments/definition-routes.ts'
import { segmentMemberRoutes } from './segments/member-routes.ts'
import { openRoutes } from './sign-in/open-routes.ts'
import { signInRoutes } from './sign-in/sign-in-routes.ts'
import { type ServedSources, secretRoutes, sourceRoutes } from './source-routes.ts'
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
  /** How the server does; it counts what is asked of it there. */
  readonly health: Health
  readonly webhooks: Webhooks
  /** Export and erasure of customers. */
  readonly privacy: Privacy
  /** Path of the report of the last analysis. */
  readonly report: string
  /** The analysis, as a job. */
  readonly analyze: JobKind<object>
  /** Learning of predictions, as a job. */
  readonly predict: JobKind<PredictInput>
  /** Finding the groups of a family anew, as a job. */
  readonly refit: JobKind<RefitRequest>
  /** Deletion of what was kept for long enough, as a job. */
  readonly retain: JobKind<object>
  /** Appends calls to the event log; identities and consents have followed when it resolves. */
  readonly record: (calls: readonly object[]) => Promise<void>
  readonly sources: ServedSources
  /** The copy of declared features and segments that serves just now. */
  readonly live: () => LiveCopy
  /** What happens in the shop now. */
  readonly insight: LiveInsight
  /** Has it look at what is declared; it does not wait until everybody was looked at. */
  readonly declared: () => Promise<void>
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
  /** Where others reach it, as behind a proxy. Default: where it listens. */
  readonly publicUrl?: string | undefined
  /** Names under which browsers may ask, besides localhost, addresses and the public one. Default: none. */
  readonly hostNames?: readonly string[]
  /** Hosts that receivers may be at although they are not public. Default: none. */
  readonly allowHosts?: readonly string[]
  /** Default: silent. */
  readonly logLevel?: LogLevel
  /** Where the lines of the log go. Default: standard error. */
  readonly logTo?: { write(line: string): void }
  /** Requests a second that may come with one write key. Default: 0, no limit. */
  readonly writeKeyRequestsPerSecond?: number
  /** Default: `usualRates`. */
  readonly rates?: Rates
}

const usualRates: Rates = {
  callers: { burst: 300, perSecond: 50 },
  // Many may sit behind one.
  addresses: { burst: 1200, perSecond: 200 },
}

export interface RunningServer {
  /** `http://localhost:8787` */
  readonly url: string
  readonly port: number
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
  const server = buildServer(parts, { host, ...options })
  try {
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    throw new RapportError('api.port', `port ${port} must be free, it is not: pass another with --port, or 0 for any`, {
      cause: error,
    })
  }
  const name = nameOf(host)
  const { port: taken } = server.server.address() as AddressInfo
  return {
    url: `http://${name}:${taken}`,
    port: taken,
    stop: async (withinMs) => {
      // A connection that was kept open and has been answered would hold up the end.
      const idle = setInterval(() => server.server.closeIdleConnections(), 50)
      const cut = setTimeout(() => server.server.closeAllConnections(), withinMs)
      await server.close()
      clearInterval(idle)
      clearTimeout(cut)
    },
  }
}

const loopback = new Set(['127.0.0.1', 'localhost', '::1'])

/** The server without a port, for tests to inject requests into. */
export function buildServer(parts: ServerParts, options: Omit<ServerOptions, 'port'> = {}): FastifyInstance {
  const { warehouse, state, log, keys, door, plan, webhooks } = parts
  const { privacy, health, report, analyze, record, onFailure } = parts
  const {
    host = '127.0.0.1',
    trustProxy = [],
    publicUrl,
    hostNames = [],
    allowHosts = [],
    rates = usualRates,
  } = options
  const {
    logLevel = 'silent',
    logTo = process.stderr,
    metricsOnLoopback = false,
    writeKeyRequestsPerSecond = 0,
  } = options
  const server = fastify({
    logger: logLevel === 'silent' ? false : { level: logLevel, stream: logTo, base: null },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId('request'),
    requestTimeout: 30_000,
    // By itself Node looks twice a minute only, and a timeout of 30 s would be one of up to a minute.
    http: { connectionsCheckingInterval: 2000 },
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    // An id has at most 512 characters, of up to twelve in a path each.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 12 * 512 },
  })
  answerErrors(server, onFailure)
  addSecurityHeaders(server)
  logRequests(server)
  const origins = { isLocal: loopback.has(host), publicUrl, hostNames }
  const perKey = writeKeyRequestsPerSecond
  const events = perKey > 0 ? { burst: 2 * perKey, perSecond: perKey } : undefined
  guardRoutes(server, { state, keys, origins, rates: { ...rates, events } })
  limitBodies(server)
  server.register(openApiRoutes(collectRoutes(server)))
  metricsRoutes(server, health, metricsOnLoopback)
  server.register(healthRoutes(health, () => parts.live().isReady))
  const { metrics } = health
  const doors = { consent: measuredDoor(door, metrics), plan }
  const counting = measuredLog(log, metrics)
  server.register(trackingRoutes(counting, doors), { prefix: '/v1' })
  server.register(sdkSettingsRoutes(keys, origins), { prefix: '/v1' })
  server.register(webhookInlet(webhooks, counting, doors), { prefix: '/v1' })
  const settle = (): Promise<void> => log.settle()
  const costly = new CostlyWork()
  const ofSegments = { warehouse, state, live: parts.live, changed: parts.declared, settle, costly }
  const members = [
    customerRoutes(warehouse, state, parts.live),
    liveRoutes({ warehouse, state, live: parts.live, costly }),
    liveInsightRoutes(parts.insight),
    movementRoutes(parts.live),
    featureRoutes({ warehouse, state, changed: parts.declared, settle, costly }),
    segmentDefinitionRoutes(ofSegments),
    segmentMemberRoutes(ofSegments),
    productRoutes(warehouse),
    jobRoutes(state, analyze),
    predictionRoutes(warehouse, state, parts.predict),
    familyRoutes(warehouse, state, parts.refit),
    ...[operatorRoutes(state, origins), keyRoutes(state), auditRoutes(state)],
    consentRoutes(warehouse, state, record),
    trackingPlanRoutes(warehouse, state, plan),
    webhookRoutes(state, webhooks),
    receiverRoutes(warehouse, state, allowHosts),
    privacyRoutes(privacy, state),
    retentionRoutes(privacy, state, parts.retain),
    quarantineRoutes(state, { warehouse, log: counting, doors }),
    sourceRoutes(warehouse, state, parts.sources),
    secretRoutes(state),
  ]
  for (const routes of members) server.register(routes, { prefix: '/v1' })
  server.register(openRoutes(state))
  server.register(signInRoutes({ warehouse, state, attempts: new LoginAttempts(), onFailure }))
  server.register(reportRoutes({ report, warehouse, onFailure }))
  server.register(assetRoutes)
  server.register(pageRoutes({ warehouse, state, analyze, live: parts.live, origins, onFailure }))
  return server
}

/** What a browser of this machine calls it: an address that stands for all of them is none to go to. */
function nameOf(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
