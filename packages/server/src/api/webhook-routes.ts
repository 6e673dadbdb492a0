import { madeWebhook, payloadTaken, webhookDraft, webhookList, webhookRotation } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { recordAudit } from '../access/index.ts'
import { now, RapportError } from '../base/index.ts'
import {
  addWebhook,
  type Doors,
  type EventLog,
  faultOfSignature,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  takePayload,
  type Webhooks,
} from '../ingestion/index.ts'
import type { State } from '../state/index.ts'
import { jsonOf, readSignedBodies } from './read-body.ts'
import { actorOf } from './route-access.ts'

interface WebhookPath {
  Params: { id: string }
}

/** Where senders post to: their body is read only after its signature was found right. */
export function webhookInlet(webhooks: Webhooks, log: EventLog, doors: Doors) {
  return async (server: FastifyInstance): Promise<void> => {
    readSignedBodies(server)
    const inlet = {
      ...{ access: 'signature' as const, body: 'application/json', answers: { 200: payloadTaken } },
      summary: 'Takes what a webhook’s sender has signed: the address and the signature let it in',
    }
    server.post<WebhookPath>('/webhooks/:id', { config: inlet }, async ({ params, headers, body }) => {
      const receiving = webhooks.find(params.id)
      if (!receiving) throw new RapportError('api.not-found', 'there must be such a webhook, there is not')
      const { webhook, secrets } = receiving
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const receivedAt = now()
      const fault = faultOfSignature(webhook.signature, secrets, { headers, body: bytes, receivedAt })
      if (fault !== undefined) {
        webhooks.count(webhook.webhookId, 'refused')
        throw new RapportError('ingestion.signature', fault)
      }
      const payload = await jsonOf(bytes, headers['content-encoding'], true)
      const topic = headers['x-shopify-topic']
      const arrival = { payload, receivedAt, ...(typeof topic === 'string' ? { topic } : {}) }
      const taken = await takePayload(log, doors, webhook, arrival)
      const { ignored, quarantined } = taken
      webhooks.count(
        webhook.webhookId,
        ignored !== undefined ? 'ignored' : quarantined.length > 0 ? 'quarantined' : 'accepted',
      )
      return { success: true, ...taken }
    })
  }
}

const access = { scope: 'sources.manage', role: 'engineer' } as const

/** Webhooks: who may post, and how they are understood. */
export function webhookRoutes(state: State, webhooks: Webhooks) {
  return async (server: FastifyInstance): Promise<void> => {
    const list = { access, summary: 'Incoming webhooks, the oldest first', answers: { 200: webhookList } }
    server.get('/webhooks', { config: list }, async () => ({ webhooks: await listWebhooks(state) }))
    const add = { access, summary: 'Makes an incoming webhook', body: webhookDraft, answers: { 201: madeWebhook } }
    server.post('/webhooks', { config: add }, async (request, reply) => {
      const made = await addWebhook(state, bodyOf(request, webhookDraft))
      await entered(request, 'webhooks.add', made.webhook.webhookId)
      return reply.code(201).header('location', made.webhook.path).send(made)
    })
    const rotate = {
      ...{ access, summary: 'Gives a webhook another secret; the one of before counts for a day' },
      ...{ body: webhookRotation, answers: { 200: madeWebhook } },
    }
    server.post<WebhookPath>('/webhooks/:id/rotate', { config: rotate }, async (request) => {
      const made = await rotateSecret(state, request.params.id, bodyOf(request, webhookRotation).secret)
      await entered(request, 'webhooks.rotate', made.webhook.webhookId)
      return made
    })
    const remove = { access, summary: 'Forgets a webhook and its secret', answers: { 204: null } }
    server.delete<WebhookPath>('/webhooks/:id', { config: remove }, async (request, reply) => {
      const { id } = request.params
      const name = await removeWebhook(state, id)
      if (name === undefined) throw new RapportError('api.not-found', `there must be such a webhook, got ${id}`)
      await entered(request, 'webhooks.remove', id)
      return reply.code(204).send()
    })
    const entered = async (request: FastifyRequest, action: string, target: string): Promise<void> => {
      await recordAudit(state.queries, { actor: actorOf(request), action, target: shortOf(target) })
      await webhooks.refresh()
    }
  }
}

/** Of a webhook's id, which may be all that lets its sender in, the audit log keeps the beginning. */
const shortOf = (webhookId: string): string => `${webhookId.slice(0, 11)}…`

function bodyOf<Body>(request: FastifyRequest, schema: z.ZodType<Body>): Body {
  const parsed = schema.safeParse(request.body ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const pointer = issue.path.map((step) => `/${String(step)}`).join('')
  throw new RapportError('api.body', `${pointer || 'the body'} must fit: ${issue.message}`)
}
