import { z } from 'zod'

/** What webhooks are understood without a mapping of one's own. */
export const webhookPreset = z.enum(['shopify', 'stripe', 'zendesk', 'tickets', 'mentions', 'hubspot-contacts'])
export type WebhookPreset = z.infer<typeof webhookPreset>

/** How a webhook shows that it comes from who it says. `path`: by its address alone, which then is the secret. */
export const webhookSignature = z.enum(['shopify', 'stripe', 'zendesk', 'generic', 'path'])
export type WebhookSignature = z.infer<typeof webhookSignature>

/**
 * Text with values of the payload in it: `{/customer/email}` is what is at that JSON pointer, `crm:{/id}` has it within,
 * `{webhook}` is the webhook’s name, and text without braces is that text. Of several the first that has all of its values counts.
 */
const template = z.string().max(500)
const templates = z.union([template, z.array(template).min(1).max(8)])
export type PayloadTemplate = z.infer<typeof templates>

const fieldName = z
  .string()
  .min(1)
  .max(128)
  .refine((name) => name !== '__proto__', { error: 'a field must not be called __proto__' })

/** From a payload to calls of the tracking API, written by the user. */
export const payloadMapping = z
  .strictObject({
    /** JSON pointer to a list of which each element is a record; without it the payload is one. */
    records: z.string().startsWith('/').max(200).optional(),
    call: z.enum(['track', 'identify']),
    /** Of a track call: what happened. */
    event: templates.optional(),
    /** What makes the record the same when it comes again; without it its content does. */
    messageId: templates.optional(),
    userId: templates.optional(),
    anonymousId: templates.optional(),
    /** ISO 8601, or a number: seconds since 1970 below 10¹¹, milliseconds above. */
    timestamp: templates.optional(),
    /** Properties of the event, or traits of the customer. */
    fields: z.record(fieldName, templates).refine((fields) => Object.keys(fields).length <= 100, {
      error: 'a mapping must have at most 100 fields',
    }),
  })
  .refine(({ call, event }) => call !== 'track' || event !== undefined, {
    error: 'a track call must have an event',
    path: ['event'],
  })
  .refine(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined, {
    error: 'a mapping must have a userId or an anonymousId',
    path: ['userId'],
  })
  .meta({ id: 'PayloadMapping', description: 'From a payload to calls of the tracking API' })
export type PayloadMapping = z.infer<typeof payloadMapping>

const secret = z.string().trim().min(8).max(512)

/** A webhook to be made. */
export const webhookDraft = z
  .strictObject({
    /** Told apart by it, also its records: it must be given to one webhook only. */
    name: z.string().trim().min(1).max(100),
    preset: webhookPreset.optional(),
    mapping: payloadMapping.optional(),
    /** Default: that of the preset; `generic` for one's own mapping. */
    signature: webhookSignature.optional(),
    /** What the sender signs with. Made here for `generic` where it is not given; else waited for. */
    secret: secret.optional(),
    /** What customers go by. Default: as the preset has it. */
    customersBy: z.enum(['email', 'id']).optional(),
    /** Whether test orders and test payments are taken. Default false. */
    takesTests: z.boolean().optional(),
  })
  .refine(({ preset, mapping }) => (preset === undefined) !== (mapping === undefined), {
    error: 'a webhook must have either a preset or a mapping',
    path: ['preset'],
  })
  .meta({ id: 'WebhookDraft', description: 'A webhook to be made' })
export type WebhookDraft = z.infer<typeof webhookDraft>

/** A new signing secret; the one of before goes on to count for a day. */
export const webhookRotation = z
  .strictObject({ secret: secret.optional() })
  .meta({ id: 'WebhookRotation', description: 'A new signing secret' })

const counter = z.number().int().nonnegative()

/** A webhook as it is shown: never its secret. */
export const webhook = z
  .object({
    webhookId: z.string(),
    name: z.string(),
    /** Where the sender posts to. */
    path: z.string(),
    preset: webhookPreset.nullable(),
    mapping: payloadMapping.nullable(),
    signature: webhookSignature,
    customersBy: z.enum(['email', 'id']),
    takesTests: z.boolean(),
    /** Without a secret everything is refused until one is set by a rotation. */
    hasSecret: z.boolean(),
    createdAt: z.number().int(),
    lastAt: z.number().int().nullable(),
    /** Payloads that were taken, that were of no interest, and that went to quarantine; one in parts counts as both. */
    accepted: counter,
    ignored: counter,
    quarantined: counter,
    /** Requests with a wrong signature: of these nothing is kept but the number. */
    refused: counter,
  })
  .meta({ id: 'Webhook', description: 'An incoming webhook' })
export type Webhook = z.infer<typeof webhook>

/** A webhook with the secret that was made for it: shown this once. */
export const madeWebhook = z
  .object({ webhook, secret: z.string().optional() })
  .meta({ id: 'MadeWebhook', description: 'A webhook with the secret that was made for it: shown this once' })

export const webhookList = z.object({ webhooks: z.array(webhook) }).meta({ id: 'WebhookList' })

/** What became of a payload. */
export const payloadTaken = z
  .object({
    success: z.literal(true),
    accepted: counter,
    /** Told of before, by this webhook or another. */
    duplicates: counter,
    /** Calls whose person refuses that anything is kept. */
    refused: counter,
    quarantined: z.array(z.object({ code: z.string(), reason: z.string(), pointer: z.string() })),
    /** Why there was nothing to take. */
    ignored: z.string().optional(),
  })
  .meta({ id: 'PayloadTaken', description: 'What became of a payload' })
