import { batchAnswer, batchCall, type CallName, callAnswer, calls } from '@rapport/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fitBody, now } from '../base/index.ts'
import {
  type BadCall,
  badCall,
  type Doors,
  type EventLog,
  joinBatch,
  type Rejection,
  type SortedBatch,
  sortBatch,
  sortCall,
} from '../ingestion/index.ts'
import { readJsonBodies } from './bodies/read-body.ts'
import { problem } from './problem.ts'

/** The tracking API, as the Segment spec has it: every Segment SDK speaks it. */
export function trackingRoutes(log: EventLog, doors: Doors) {
  return async (server: FastifyInstance): Promise<void> => {
    readJsonBodies(server)
    server.addHook('onRequest', async (_, reply) => {
      // Write keys are public and no cookie counts here, so any page may send.
      reply.headers({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' })
    })
    const preflight = { access: 'public', summary: 'Lets any page send events', answers: { 204: null } } as const
    server.options('/*', { config: preflight }, async (_, reply) =>
      reply
        .headers({
          'access-control-allow-methods': 'POST, OPTIONS',
          'access-control-allow-headers': 'authorization, content-type, content-encoding, x-retry-count',
          'access-control-max-age': '86400',
        })
        .code(204)
        .send(),
    )
    for (const name of Object.keys(calls) as CallName[]) {
      const config = {
        access: 'write-key',
        ...{ summary: `Takes one event: ${name}`, body: calls[name], answers: { 200: callAnswer } },
      } as const
      for (const path of shortPaths(name)) {
        server.post(path, { config }, async (request, reply) => {
          const arrival = { receivedAt: now(), sentAt: null, type: name }
          const prepared = doors.consent.prepare([request.body])
          if (prepared) await prepared
          const sorted = sortCall(request.body, arrival, doors)
          if (sorted.outcome === 'refused') return { success: true, refused: 1 }
          if (sorted.outcome === 'kept') {
            await log.append([sorted.event])
            return { success: true }
          }
          if (!sorted.isPlans) return refuse(reply, sorted.rejection)
          // A sender would drop what is answered with 400, and what breaks only the plan can be mended here.
          const raw = { ...(request.body as object), type: name }
          const bad = badCall({ ...sorted.rejection, ...arrival, index: 0, raw })
          await log.append([], [bad])
          return { success: true, quarantined: [told(bad)] }
        })
      }
    }
    const config = {
      access: 'write-key',
      ...{ summary: 'Takes many events at once', body: batchCall, answers: { 200: batchAnswer } },
    } as const
    for (const path of ['/batch', '/import', '/b']) {
      server.post(path, { config }, (request) => takeBatch(log, doors, request))
    }
  }
}

/** The whole word, and the letter that the browser's SDK uses. */
const shortPaths = (name: CallName): string[] => [`/${name}`, `/${name[0]}`]

async function takeBatch(log: EventLog, doors: Doors, request: FastifyRequest): Promise<unknown> {
  const { events, bad, refused } = await sortBody(doors, request)
  const appended = await log.append(events, bad)
  return { success: true, ...appended, refused, quarantined: bad.map(told) }
}

async function sortBody(doors: Doors, request: FastifyRequest): Promise<SortedBatch> {
  const { batch, sentAt, ...common } = fitBody(batchCall, request.body, 'ingestion.schema')
  // What is parsed is many times what is kept of it, and need not be looked after while that waits for the disk.
  request.body = undefined
  const whole = joinBatch(batch, common)
  return sortBatch(whole, { receivedAt: now(), sentAt: sentAt ?? null }, doors)
}

/** What a sender learns of a call that is in quarantine. */
const told = ({ index, code, reason, pointer }: BadCall) => ({ index, code, reason, pointer })

function refuse(reply: FastifyReply, { code, reason, pointer }: Rejection): FastifyReply {
  return reply
    .code(400)
    .type('application/problem+json')
    .send(problem(400, code, reason, pointer))
}
