import { callReasons, quarantinedCalls, replayRequest, replaySummary, whichCalls } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { recordAudit } from '../access/index.ts'
import { fit } from '../base/index.ts'
import { listCallReasons, listQuarantinedCalls, type ReplayParts, replayCalls } from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { readQuery } from './read-query.ts'
import { actorOf } from './route-access.ts'

const search = z.strictObject({
  ...whichCalls.omit({ calls: true }).shape,
  after: z.string().max(128).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

/** Calls hold what people did, as it was sent: marketers look at customers, not at this. */
const access = { scope: 'events.manage', role: 'engineer' } as const

const configs = {
  list: {
    ...{ access, summary: 'Calls in quarantine, in the order in which they came', query: search },
    answers: { 200: quarantinedCalls },
  },
  reasons: { access, summary: 'Why calls are in quarantine, and how many', answers: { 200: callReasons } },
  replay: {
    ...{ access, summary: 'Mends calls in quarantine and has them come in again, each once' },
    ...{ body: replayRequest, answers: { 200: replaySummary } },
  },
} as const

/** Calls that could not be taken, and their way back. */
export function quarantineRoutes(state: State, parts: ReplayParts) {
  const { warehouse } = parts
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    server.get('/quarantine/calls', { config: configs.list }, (request) => {
      const { after, limit, ...which } = readQuery(request, search)
      return listQuarantinedCalls(warehouse, which, { after, limit })
    })
    server.get('/quarantine/reasons', { config: configs.reasons }, async () => ({
      reasons: await listCallReasons(warehouse),
    }))
    server.post('/quarantine/replays', { config: configs.replay }, async (request) => {
      const summary = await replayCalls(parts, fit(replayRequest, request.body, 'ingestion.replay'))
      if (!summary.dryRun) {
        const { tried, accepted, refused } = summary
        await recordAudit(state.queries, {
          ...{ actor: actorOf(request), action: 'quarantine.replay', detail: { tried, accepted, refused } },
        })
      }
      return summary
    })
  }
}
