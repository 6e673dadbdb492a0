import { batchAnswer, batchCall, type CallName, callAnswer, calls } from '@rapport/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { now } from '../base/index.ts'
import type { ConsentDoor } from '../consent/index.ts'
import { type BadCall, badCall, checkCall, type EventLog, type LiveEvent, type Rejection } from '../ingestion/index.ts'
import { problem } from './problem.ts'
import { readJsonBodies } from './read-body.ts'

/** The tracking API, as the Segment spec has it: every Segment SDK speaks it. */
export function trackingRoutes(log: EventLog, door: ConsentDoor) {
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
          'access-control-allow-headers': 'authorization, content-type, content-encoding',
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
          const checked = checkCall(request.body, name, now())
          if ('rejection' in checked) return refuse(reply, checked.rejection)
          if (!door.lets(checked.event)) return { success: true, refused: 1 }
          await log.append([checked.event])
          return { success: true }
        })
      }
    }
    const config = {
      access: 'write-key',
      ...{ summary: 'Takes many events at once', body: batchCall, answers: { 200: batchAnswer } },
    } as const
    for (const path of ['/batch', '/import', '/b']) {
      server.post(path, { config }, (request, reply) => takeBatch(log, door, request.body, reply))
    }
  }
}

/** The whole word, and the letter that the browser's SDK uses. */
const shortPaths = (name: CallName): string[] => [`/${name}`, `/${name[0]}`]

async function takeBatch(log: EventLog, door: ConsentDoor, body: unknown, reply: FastifyReply): Promise<unknown> {
  const parsed = batchCall.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const pointer = issue.path.map((step) => `/${String(step)}`).join('')
    return refuse(reply, {
      code: 'ingestion.schema',
      reason: `${pointer || 'the body'} must fit: ${issue.message}`,
      pointer,
    })
  }
  const { batch, sentAt } = parsed.data
  const receivedAt = now()
  const events: LiveEvent[] = []
  const bad: BadCall[] = []
  batch.forEach((value, index) => {
    const checked = checkCall(value, undefined, receivedAt, sentAt)
    if ('event' in checked) events.push(checked.event)
    else bad.push(badCall({ ...checked.rejection, index, raw: value, receivedAt, sentAt: sentAt ?? null }))
  })
  const kept = events.filter((event) => door.lets(event))
  const appended = await log.append(kept, bad)
  return {
    success: true,
    ...appended,
    refused: events.length - kept.length,
    quarantined: bad.map(({ index, code, reason, pointer }) => ({ index, code, reason, pointer })),
  }
}

function refuse(reply: FastifyReply, { code, reason, pointer }: Rejection): FastifyReply {
  return reply
    .code(400)
    .type('application/problem+json')
    .send(problem(400, code, reason, pointer))
}
