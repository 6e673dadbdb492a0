import { z } from 'zod'
import { consentStanding } from './consents.ts'

const moment = z.string().meta({ description: 'ISO 8601, UTC' })
const nullableText = z.string().nullable()

export const customerSearch = z.strictObject({
  search: z.string().trim().max(200).default('').meta({ description: 'start of an id or address, part of a name' }),
  after: z.string().max(512).default('').meta({ description: 'next of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'customers of a page' }),
})

export const customerPage = z
  .object({
    customers: z.array(z.object({ customerId: z.string(), email: nullableText, name: nullableText })),
    next: nullableText.meta({ description: 'after of the next page; null on the last' }),
  })
  .meta({ id: 'CustomerPage' })

/** Everything about one customer. */
export const customerProfile = z
  .object({
    customerId: z.string(),
    currency: nullableText.meta({ description: 'of every amount; null in a store without sales' }),
    traits: z.record(z.string(), z.unknown()),
    consents: z.array(z.object({ purpose: z.string(), isGranted: z.boolean(), since: moment.nullable() })),
    standings: z.array(consentStanding),
    segments: z.array(z.object({ id: z.string(), name: z.string() })),
    scores: z.array(
      z.object({
        score: z.string(),
        value: z.number(),
        low: z.number().nullable(),
        high: z.number().nullable(),
        reasons: z.array(z.string()),
        meaning: nullableText,
        modelId: z.string(),
      }),
    ),
    orders: z.array(
      z.object({
        orderId: z.string(),
        orderedAt: moment,
        amount: z.number(),
        currency: z.string(),
        lines: z.number(),
      }),
    ),
    recommendations: z.array(z.object({ productId: z.string(), name: z.string(), because: nullableText })),
    timeline: z.array(
      z.object({
        call: z.string(),
        name: z.string(),
        occurredAt: moment,
        productId: nullableText,
        source: nullableText,
        text: nullableText,
      }),
    ),
    identities: z.array(z.object({ identity: z.string(), why: z.string() })),
  })
  .loose()
  .meta({ id: 'CustomerProfile' })
