import { z } from 'zod'

const ready = z.boolean().meta({
  description: 'whether all of history is in; before, as after a start, features are of a part and segments empty',
})

/** What is true of a customer now. */
export const customerNow = z
  .object({
    customerId: z.string(),
    isReady: ready,
    features: z.array(
      z.object({
        name: z.string(),
        value: z.union([z.number(), z.string()]).nullable().meta({ description: 'null where it is missing' }),
      }),
    ),
    segments: z.array(z.string()).meta({ description: 'ids of the live segments that the customer is in' }),
  })
  .meta({ id: 'CustomerNow' })

const counted = z.object({ name: z.string(), at: z.number() })

/** A part of a segment's rule, whether it holds for a customer, and why. */
const explainedClause = z
  .object({
    pointer: z.string().meta({ description: 'to it in the definition of the segment' }),
    holds: z.boolean(),
    words: z.string(),
    value: z.union([z.number(), z.string()]).nullable(),
    isMissing: z.boolean(),
    get parts() {
      return z.array(explainedClause)
    },
    events: z
      .array(counted.extend({ kind: z.enum(['event', 'line']), followedBy: counted.nullable() }))
      .meta({ description: 'what was counted, the latest first; moments are milliseconds since 1970' }),
  })
  .meta({ id: 'ExplainedClause' })

/** Why a customer is in a live segment, or is not. */
export const segmentReason = z
  .object({
    segment: z.string(),
    name: z.string(),
    customer: z.string(),
    asOf: z.number().meta({ description: 'milliseconds since 1970' }),
    isMember: z.boolean(),
    rule: explainedClause.nullable().meta({ description: 'null of a list' }),
  })
  .meta({ id: 'SegmentReason' })
