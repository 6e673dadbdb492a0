import { madeWebhook, payloadTaken, webhookDraft, webhookList, webhookRotation } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { recordAudit } from '../access/index.ts'
import { fit, now, RapportError } from '../base/index.ts'
import {
  addWebhook,
  auditNameOf,
  type Doors,
  type EventLog,
  faultOfSignature,
  listWebhooks,
  removeWebhook,
  rotateSecret,
  type TakenPayload,
  takePayload,
  type WebhookCount,
  type Webhooks,
} from '../ingestion/index.ts'
import type { State, StateQueries } from '../state/index.ts'
import { jsonOf, readMemberBodies, readSignedBodies } from './bodies/read-body.ts'
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
    const receivingOf = ({ id }: WebhookPath['Params']) => {
      const receiving = webhooks.find(id)
      if (!receiving) throw new RapportError('api.not-found', 'there must be such a webhook, there is not')
      return receiving
    }
    // Before the body is read.
    const onRequest = async ({ params }: FastifyRequest<WebhookPath>): Promise<void> => void receivingOf(params)
    server.post<WebhookPath>('/webhooks/:id', { config: inlet, onRequest }, async (request) => {
      const { params, headers, body } = request
      const receiving = receivingOf(params)
      const { webhook, secrets } = receiving
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const receivedAt = now()
      const fault = faultOfSignature(webhook.signature, secrets, { headers, body: bytes, receivedAt })
      if (fault !== undefined) {
        webhooks.count(webhook.webhookId, 'refused')
        throw new RapportError('ingestion.signature', fault)
      }
      const payload = await jsonOf(request, bytes, true)
      const topic = headers['x-shopify-topic']
      const arrival = { payload, receivedAt, ...(typeof topic === 'string' ? { topic } : {}) }
      const taken = await takePayload(log, doors, webhook, arrival)
      for (const what of countsOf(taken)) webhooks.count(webhook.webhookId, what)
      return { success: true, ...taken }
    })
  }
}

const access = { scope: 'sources.manage', role: 'engineer' } as const

/** What a payload counts as: as taken and as kept out, when of its calls some were taken and some were not. */
function countsOf({ ignored, quarantined, accepted, duplicates, refused }: TakenPayload): WebhookCount[] {
  if (ignored !== undefined) return ['ignored']
  if (quarantined.length === 0) return ['accepted']
  return accepted + duplicates + refused > 0 ? ['accepted', 'quarantined'] : ['quarantined']
}

/** Webhooks: who may post, and how they are understood. */
export function webhookRoutes(state: State, webhooks: Webhooks) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const list = { access, summary: 'Incoming webhooks, the oldest first', answers: { 200: webhookList } }
    server.get('/webhooks', { config: list }, async () => ({ webhooks: await listWebhooks(state.queries) }))
    const add = { access, summary: 'Makes an incoming webhook', body: webhookDraft, answers: { 201: madeWebhook } }
    server.post('/webhooks', { config: add }, async (request, reply) => {
      const draft = fit(webhookDraft, request.body ?? {}, 'api.body')
      const made = await change(request, 'webhooks.add', (queries) => addWebhook(queries, draft))
      return reply.code(201).header('location', made.webhook.path).send(made)
    })
    const rotate = {
      ...{ access, summary: 'Gives a webhook another secret; the one of before counts for a day' },
      ...{ body: webhookRotation, answers: { 200: madeWebhook } },
    }
    server.post<WebhookPath>('/webhooks/:id/rotate', { config: rotate }, async (request) => {
      const { secret } = fit(webhookRotation, request.body ?? {}, 'api.body')
      return change(request, 'webhooks.rotate', (queries) => rotateSecret(queries, request.params.id, secret))
    })
    const remove = { access, summary: 'Forgets a webhook and its secret', answers: { 204: null } }
    server.delete<WebhookPath>('/webhooks/:id', { config: remove }, async (request, reply) => {
      const { id } = request.params
      await change(request, 'webhooks.remove', async (queries) => ({ webhook: await removeWebhook(queries, id) }))
      return reply.code(204).send()
    })
    /** What is changed and who did it are written together; this server knows at once. */
    const change = async <Changed extends { readonly webhook: { readonly webhookId: string } }>(
      request: FastifyRequest,
      action: string,
      deed: (queries: StateQueries) => Promise<Changed>,
    ): Promise<Changed> => {
      const changed = await state.transaction(async (queries) => {
        const done = await deed(queries)
        const target = auditNameOf(done.webhook.webhookId)
        await recordAudit(queries, { actor: actorOf(request), action, target })
        return done
      })
      await webhooks.refresh()
      return changed
    }
  }
}
