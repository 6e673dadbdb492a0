import type { WebhookPreset, WebhookSignature } from '@rapport/protocol'
import { templateReader } from './mapped-payload.ts'
import { mapShopify } from './shopify.ts'
import { mapStripe } from './stripe.ts'
import { templates } from './templates.ts'
import type { MapRecord, PayloadReader, Who } from './wire-call.ts'
import { mapZendesk } from './zendesk.ts'

/** A sender whose payloads are understood. */
export interface PayloadPreset extends PayloadReader {
  readonly signature: WebhookSignature
  /** What customers go by, unless the user says otherwise. */
  readonly who: Who
}

const whole = (map: MapRecord): PayloadReader => ({ map, recordsOf: (payload) => [payload] })
const templated = { signature: 'generic', who: 'email' } as const

export const payloadPresets: Readonly<Record<WebhookPreset, PayloadPreset>> = {
  // Shopify's files name customers by their address only, so that is what they go by here too.
  shopify: { ...whole(mapShopify), signature: 'shopify', who: 'email' },
  stripe: { ...whole(mapStripe), signature: 'stripe', who: 'id' },
  zendesk: { ...whole(mapZendesk), signature: 'zendesk', who: 'email' },
  tickets: { ...templateReader(templates.tickets), ...templated },
  mentions: { ...templateReader(templates.mentions), ...templated },
  'hubspot-contacts': { ...templateReader(templates['hubspot-contacts']), ...templated },
}
