import { z } from 'zod'
import { purpose } from '../consent.ts'
import { consentStanding } from './consents.ts'
import { standingNow } from './segments.ts'

const moment = z.string().meta({ description: 'ISO 8601, UTC' })
const nullableText = z.string().nullable()

export const customerSearch = z.strictObject({
  search: z.string().trim().max(200).default('').meta({ description: 'part of an id, an address or a name' }),
  after: z.string().max(512).default('').meta({ description: 'next of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'customers of a page' }),
})

export const customerPage = z
  .object({
    customers: z.array(
      z.object({
        customerId: z.string(),
        email: nullableText,
        name: nullableText,
        orders: z.number(),
        spent: z.number().meta({ description: 'so far, returns taken off' }),
        lastSeenAt: moment.nullable(),
        segment: z
          .object({ id: z.string(), name: z.string() })
          .nullable()
          .meta({ description: 'by recency, frequency and spend, as of the last analysis' }),
      }),
    ),
    currency: nullableText.meta({ description: 'of every amount; null in a store without sales' }),
    next: nullableText.meta({ description: 'after of the next page; null on the last' }),
  })
  .meta({ id: 'CustomerPage' })

const nullableNumber = z.number().nullable()

export const timelineSearch = z.strictObject({
  before: z.string().max(700).default('').meta({ description: 'next of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'occurrences of a page' }),
})

export const timelinePage = z
  .object({
    occurrences: z.array(
      z.object({
        call: z.string(),
        name: z.string(),
        occurredAt: moment,
        productId: nullableText,
        productName: nullableText,
        quantity: nullableNumber,
        price: nullableNumber,
        orderId: nullableText,
        amount: nullableNumber.meta({ description: 'what the order came to; negative for a return' }),
        lines: nullableNumber,
        currency: nullableText,
        source: nullableText,
        text: nullableText.meta({ description: 'what they wrote, its first 500 characters' }),
        otherId: nullableText.meta({ description: 'the earlier id of an alias, the group of a group call' }),
        about: nullableText,
        rating: nullableText,
        score: nullableText,
        decided: z
          .partialRecord(purpose, z.boolean())
          .nullable()
          .meta({ description: 'what a decision about consent granted (true) and refused; null of other events' }),
      }),
    ),
    next: nullableText.meta({ description: 'before of the next page, further back; null on the last' }),
  })
  .meta({ id: 'TimelinePage' })

/** Everything about one customer. */
export const customerProfile = z
  .object({
    customerId: z.string(),
    currency: nullableText.meta({ description: 'of every amount; null in a store without sales' }),
    traits: z.record(z.string(), z.unknown()),
    consents: z.array(z.object({ purpose: z.string(), isGranted: z.boolean(), since: moment.nullable() })),
    standings: z.array(consentStanding),
    consentRegion: z
      .enum(['opt-in', 'opt-out', 'unknown'])
      .meta({ description: 'which default holds where they decided nothing; unknown is treated as opt-in' }),
    segments: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        probability: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .meta({ description: 'how sure the model of a taught segment is; null for all other segments' }),
        isLabelled: z
          .boolean()
          .nullable()
          .meta({ description: 'in a taught segment because somebody said so; null for all other segments' }),
        reasons: z.array(z.string()).meta({ description: 'what speaks most for it, of a taught segment' }),
      }),
    ),
    now: standingNow.meta({ description: 'declared features and live segments, true now, with what speaks for them' }),
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
    orderCount: z.number().meta({ description: 'of all orders; orders has the latest 20' }),
    eventCount: z.number().meta({ description: 'of all events; timeline has the latest' }),
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
    timeline: timelinePage,
    identities: z.array(
      z.object({
        identity: z.string(),
        why: z.string(),
        firstSeenAt: z.number(),
        links: z
          .array(z.object({ with: z.string(), reason: z.string(), isSevered: z.boolean() }))
          .max(20)
          .meta({ description: '20 at most: of more, which ones is not said' }),
        linkCount: z.number().meta({ description: 'of all links, severed ones too' }),
      }),
    ),
    identityCount: z.number().meta({
      description:
        'of all identities; identities has 100 at most: of more those that are no browser’s first, then those first seen last',
    }),
    analysis: z
      .object({
        asOf: moment,
        createdAt: moment,
        startedAt: moment.meta({ description: 'what came in later it may not have seen' }),
        isBeforeMove: z.boolean().meta({ description: 'identities were joined or parted since' }),
      })
      .nullable()
      .meta({ description: 'the one that segments and scores are of; null before the first' }),
    movedAt: moment.nullable().meta({ description: 'when identities last moved to or from this customer' }),
  })
  .loose()
  .meta({ id: 'CustomerProfile' })
