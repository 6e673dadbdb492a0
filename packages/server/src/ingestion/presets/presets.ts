import type { PayloadMapping, WebhookPreset, WebhookSignature } from '@rapport/protocol'
import { mapByTemplates } from './mapped-payload.ts'
import { mapShopify } from './shopify.ts'
import { mapStripe } from './stripe.ts'
import { templates } from './templates.ts'
import type { MapPayload, Mapped, PayloadContext, Who } from './wire-call.ts'
import { mapZendesk } from './zendesk.ts'

/** A sender whose payloads are understood. */
export interface PayloadPreset {
  readonly map: MapPayload
  readonly signature: WebhookSignature
  /** What customers go by, unless the user says otherwise. */
  readonly who: Who
}

const byTemplates = (templatesBy: (who: Who) => PayloadMapping, signature: WebhookSignature): PayloadPreset => ({
  map: (payload, context) => mapByTemplates(templatesBy(context.who), payload, context),
  ...{ signature, who: 'email' },
})

/** Ways from one record of a list, such as an API gives page by page, to its calls. */
export const recordPresets = {
  mentions: (record: unknown): Mapped => mapByTemplates(templates.mentions(), record, ofSource),
  'hubspot-contacts': (record: unknown): Mapped => {
    const { records: _, ...ofOne } = templates['hubspot-contacts']('email')
    return mapByTemplates(ofOne, record, ofSource)
  },
} as const

const ofSource: PayloadContext = { who: 'email', scope: 'source', takesTests: false }

export const payloadPresets: Readonly<Record<WebhookPreset, PayloadPreset>> = {
  // Shopify's files name customers by their address only, so that is what they go by here too.
  shopify: { map: mapShopify, signature: 'shopify', who: 'email' },
  stripe: { map: mapStripe, signature: 'stripe', who: 'id' },
  zendesk: { map: mapZendesk, signature: 'zendesk', who: 'email' },
  tickets: byTemplates(templates.tickets, 'generic'),
  mentions: byTemplates(templates.mentions, 'generic'),
  'hubspot-contacts': byTemplates(templates['hubspot-contacts'], 'generic'),
}
