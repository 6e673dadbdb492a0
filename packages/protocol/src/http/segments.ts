import { z } from 'zod'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })
const scalar = z.union([z.number(), z.string()]).nullable()

/** A definition as it is sent: what is wrong with it is said by the check, not by a schema. */
export const segmentDefinition = z
  .looseObject({
    id: z.string().meta({ description: 'two parts of a-z, 0-9 and -, such as rule.big-spenders' }),
    name: z.string(),
    words: z.string().meta({ description: 'who is in it' }),
    rule: z.unknown().optional().meta({ description: 'docs/methods/live-segments.md' }),
    list: z.literal(true).optional().meta({ description: 'in place of a rule: whoever is put into it' }),
  })
  .meta({ id: 'SegmentDefinition' })

export const segmentDeclarations = z
  .union([segmentDefinition, z.array(segmentDefinition).min(1).max(500)])
  .meta({ id: 'SegmentDeclarations' })

const filling = z
  .object({
    done: z.number(),
    total: z.number().meta({ description: 'customers to look at' }),
    segments: z.array(z.string()),
  })
  .nullable()
  .meta({ description: 'who was looked at for segments that are new or changed; null where nothing is filled' })

export const segmentSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    words: z.string(),
    kind: z.enum(['rule', 'list']),
    version: z.number(),
    declaredAt: milliseconds,
    customers: z.number().nullable().meta({ description: 'in it now; null until it is filled' }),
    isReady: z.boolean().meta({ description: 'whether everybody was looked at for this version' }),
    usesFeatures: z.array(z.string()),
    usesSegments: z.array(z.string()),
    usedBy: z.array(z.string()).meta({ description: 'segments that name it; while any does, it stays' }),
    warnings: z.array(z.string()).meta({
      description: 'what its rule names that is no more, so that nobody is in it: names winter.3, which is no more',
    }),
  })
  .meta({ id: 'SegmentSummary' })

export const segmentList = z
  .object({
    isReady: z.boolean().meta({ description: 'whether all of history is in; before, segments miss people' }),
    filling,
    segments: z.array(segmentSummary),
  })
  .meta({ id: 'SegmentList' })

/** A part of a rule in words. */
const ruleWords = z
  .object({
    pointer: z.string().meta({ description: 'to it in the definition' }),
    words: z.string(),
    get parts() {
      return z.array(ruleWords)
    },
  })
  .meta({ id: 'RuleWords' })

export const segmentDocument = segmentSummary
  .extend({
    filling,
    definition: segmentDefinition,
    ruleWords: ruleWords.nullable().meta({ description: 'the rule in plain language; null of a list' }),
    versions: z
      .array(
        z.object({
          version: z.number(),
          declaredAt: milliseconds,
          definition: segmentDefinition.nullable().meta({ description: 'null where it was removed' }),
        }),
      )
      .meta({ description: 'the latest first' }),
  })
  .meta({ id: 'SegmentDocument' })

const passedOver = z.unknown().optional().meta({ description: 'passed over: a whole definition may be sent' })

export const previewRequest = z
  .strictObject({
    ...{ id: passedOver, name: passedOver, words: passedOver },
    rule: z.unknown().meta({ description: 'of a live segment; it may name what is declared' }),
    sample: z.number().int().min(0).max(100).default(10).meta({ description: 'customers to name' }),
  })
  .meta({ id: 'SegmentPreviewRequest' })

const reason = z
  .object({
    pointer: z.string(),
    words: z.string().meta({ description: 'what is asked, and what was seen' }),
    holds: z.boolean(),
    value: scalar,
  })
  .meta({ id: 'SegmentReasonPart' })

const neverSeen = z
  .object({
    pointer: z.string().meta({ description: 'to the part of the rule that goes by it' }),
    words: z.string().meta({
      description:
        'the event “Product Veiwed” was never seen; similar: “Product Viewed”; so of traits, scores, fields and values',
    }),
    similar: z.array(z.string()).meta({ description: 'what may be meant, the likeliest first' }),
  })
  .meta({ id: 'NeverSeen' })

export const segmentPreview = z
  .object({
    asOf: milliseconds,
    customers: z.number().meta({ description: 'how many would be in it; an estimate where isExact is false' }),
    isExact: z.boolean(),
    oneIn: z.number().meta({ description: 'how many customers there are for each that was looked at' }),
    between: z.array(z.number()).length(2).meta({ description: 'holds the number in 95 of 100 cases' }),
    sample: z.array(z.object({ customerId: z.string(), reasons: z.array(reason) })),
    warnings: z
      .array(neverSeen)
      .meta({ description: 'what the rule goes by and was never seen; nothing is refused for it' }),
    elapsedMs: z.number(),
  })
  .meta({ id: 'SegmentPreview' })

export const membersQuery = z.strictObject({
  after: z.string().max(512).default('').meta({ description: 'next of the page before' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ description: 'customers of a page' }),
})

export const segmentMembersPage = z
  .object({
    isReady: z.boolean(),
    customers: z.array(z.string()).meta({ description: 'in the order of ids, whoever comes and goes meanwhile' }),
    next: z.string().nullable().meta({ description: 'after of the next page; null on the last' }),
  })
  .meta({ id: 'SegmentMembersPage' })

export const overlapQuery = z.strictObject({
  segments: z.string().max(4000).meta({ description: 'ids of two to twenty, with commas between' }),
})

export const segmentOverlap = z
  .object({
    isReady: z.boolean(),
    segments: z.array(z.string()),
    customers: z
      .array(z.array(z.number()))
      .meta({ description: 'how many are in both, a row and a column for each; on the diagonal in that one' }),
  })
  .meta({ id: 'SegmentOverlap' })

export const trendQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(1100).default(30).meta({ description: 'today included' }),
})

export const segmentTrend = z
  .object({
    segment: z.string(),
    days: z
      .array(
        z.object({
          day: z.string().meta({ description: 'of the store’s calendar, 2026-03-29' }),
          size: z.number().meta({ description: 'at its end; of today so far' }),
          entries: z.number(),
          exits: z.number(),
        }),
      )
      .meta({ description: 'the earliest first; from the first day on that somebody came' }),
  })
  .meta({ id: 'SegmentTrend' })

export const listChange = z
  .strictObject({
    customers: z
      .array(z.string().min(1).max(512))
      .max(100_000)
      .optional()
      .meta({ description: 'in place of all before' }),
    add: z.array(z.string().min(1).max(512)).max(100_000).optional(),
    remove: z.array(z.string().min(1).max(512)).max(100_000).optional(),
  })
  .refine(
    ({ customers, add, remove }) => (customers === undefined) !== (add === undefined && remove === undefined),
    'must have customers, or add, remove or both',
  )
  .meta({ id: 'ListChange' })
export type ListChange = z.infer<typeof listChange>

export const listChanged = z
  .object({
    segment: z.string(),
    customers: z.number().meta({ description: 'in the list now' }),
    added: z.number(),
    removed: z.number(),
    unknownCount: z.number().meta({ description: 'ids that name nobody, and were left out' }),
    unknown: z.array(z.string()).meta({ description: 'the first 20 of them' }),
  })
  .meta({ id: 'ListChanged' })

/** What is true of a customer now, in short. */
export const standingNow = z
  .object({
    isReady: z.boolean(),
    features: z.array(z.object({ name: z.string(), label: z.string(), unit: z.string().nullable(), value: scalar })),
    segments: z.array(z.object({ id: z.string(), name: z.string(), words: z.string(), reasons: z.array(z.string()) })),
  })
  .meta({ id: 'StandingNow' })
