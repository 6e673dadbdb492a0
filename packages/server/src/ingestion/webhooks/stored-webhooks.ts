import { randomBytes } from 'node:crypto'
import { payloadMapping, type Webhook, type WebhookDraft, webhookPreset, webhookSignature } from '@rapport/protocol'
import { dayMs, now, RapportError } from '../../base/index.ts'
import type { StateQueries, WebhookTable } from '../../state/index.ts'
import { payloadPresets } from '../presets/presets.ts'

/** A webhook with a secret that was made for it: shown this once. */
export interface MadeWebhook {
  readonly webhook: Webhook
  readonly secret?: string
}

/** How long the secret of before goes on to count, so that a sender can be told the new one in peace. */
const overlapMs = dayMs

/**
 * Makes a webhook. Where its sender chooses the secret and it is not given, the webhook waits for it: it refuses
 * everything until then.
 *
 * @throws RapportError `ingestion.webhook-name` when there is one of that name
 */
export async function addWebhook(queries: StateQueries, draft: WebhookDraft): Promise<MadeWebhook> {
  const preset = draft.preset === undefined ? undefined : payloadPresets[draft.preset]
  const signature = draft.signature ?? preset?.signature ?? 'generic'
  const made = draft.secret === undefined && signature === 'generic' ? newSecret() : undefined
  const held = await queries
    .selectFrom('webhooks')
    .select('webhook_id')
    .where('name', '=', draft.name)
    .executeTakeFirst()
  if (held) {
    throw new RapportError('ingestion.webhook-name', `the name must be one that no webhook has, got ${draft.name}`)
  }
  const row: WebhookTable = {
    webhook_id: `wh_${randomBytes(24).toString('base64url')}`,
    name: draft.name,
    preset: draft.preset ?? null,
    mapping: draft.mapping === undefined ? null : JSON.stringify(draft.mapping),
    signature,
    secret: draft.secret ?? made ?? null,
    ...{ previous_secret: null, previous_until: null },
    customers_by: draft.customersBy ?? preset?.who ?? 'id',
    takes_tests: draft.takesTests === true ? 1 : 0,
    ...{ created_at: now(), last_at: null, accepted: 0, ignored: 0, quarantined: 0, refused: 0 },
  }
  await queries.insertInto('webhooks').values(row).execute()
  return { webhook: shownOf(row), ...(made === undefined ? {} : { secret: made }) }
}

/** What the audit log calls a webhook: the beginning of its id, all of which may be what lets its sender in. */
export const auditNameOf = (webhookId: string): string => `${webhookId.slice(0, 11)}…`

const newSecret = (): string => `whs_${randomBytes(32).toString('base64url')}`

/** Every webhook, the oldest first, without its secret. */
export async function listWebhooks(queries: StateQueries): Promise<Webhook[]> {
  const rows = await queries.selectFrom('webhooks').selectAll().orderBy('created_at').orderBy('webhook_id').execute()
  return rows.map(shownOf)
}

export function shownOf(row: WebhookTable): Webhook {
  return {
    ...{ webhookId: row.webhook_id, name: row.name, path: `/v1/webhooks/${row.webhook_id}` },
    preset: row.preset === null ? null : webhookPreset.parse(row.preset),
    mapping: row.mapping === null ? null : payloadMapping.parse(JSON.parse(row.mapping)),
    signature: webhookSignature.parse(row.signature),
    ...{ customersBy: row.customers_by === 'email' ? 'email' : 'id', takesTests: row.takes_tests === 1 },
    ...{ hasSecret: row.secret !== null, createdAt: row.created_at, lastAt: row.last_at },
    ...{ accepted: row.accepted, ignored: row.ignored, quarantined: row.quarantined, refused: row.refused },
  }
}

/**
 * Forgets a webhook and its secret; what it brought stays.
 *
 * @returns as it was
 * @throws RapportError `ingestion.webhook` when there is none such
 */
export async function removeWebhook(queries: StateQueries, webhookId: string): Promise<Webhook> {
  const gone = await queries
    .deleteFrom('webhooks')
    .where('webhook_id', '=', webhookId)
    .returningAll()
    .executeTakeFirst()
  if (!gone) throw noWebhook(webhookId)
  return shownOf(gone)
}

/**
 * Gives a webhook another secret; the one of before goes on to count for a day.
 *
 * @param secret what the sender shows; made here when the webhook is `generic` and none is given
 * @throws RapportError `ingestion.webhook` when there is none such, or it has no secret to rotate
 */
export async function rotateSecret(queries: StateQueries, webhookId: string, secret?: string): Promise<MadeWebhook> {
  const row = await queries.selectFrom('webhooks').selectAll().where('webhook_id', '=', webhookId).executeTakeFirst()
  if (!row) throw noWebhook(webhookId)
  if (row.signature === 'path') {
    throw new RapportError(
      'ingestion.webhook-secret',
      'a webhook without signature must be made anew: its address is its secret',
    )
  }
  if (secret === undefined && row.signature !== 'generic') {
    const must = `the secret must be given: ${row.signature} makes it and shows it`
    throw new RapportError('ingestion.webhook-secret', must)
  }
  const made = secret === undefined ? newSecret() : undefined
  const next = {
    secret: secret ?? made ?? null,
    previous_secret: row.secret,
    previous_until: row.secret === null ? null : now() + overlapMs,
  }
  await queries.updateTable('webhooks').set(next).where('webhook_id', '=', webhookId).execute()
  return { webhook: shownOf({ ...row, ...next }), ...(made === undefined ? {} : { secret: made }) }
}

const noWebhook = (webhookId: string): RapportError =>
  new RapportError('ingestion.webhook', `the webhook must be one of rapport webhooks list, got ${webhookId}`)
