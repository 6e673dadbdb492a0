import { z } from 'zod'
import { pairValues } from './features.ts'

const ready = z.boolean().meta({
  description: 'whether all of history is in; before, as after a start, features are of a part and segments empty',
})

const distance = z.number().nullable().meta({ description: 'to the middle of the group; null of taught families' })
const probability = z.number().nullable().meta({ description: 'of the class, 0 to 1; null of groups' })

/** Where the model of a family of segments puts a customer now. */
const customerGroup = z
  .object({
    family: z.string(),
    modelId: z.string(),
    segment: z.string().nullable().meta({ description: 'null where the customer is in none' }),
    name: z.string().nullable(),
    ...{ distance, probability },
    runnerUp: z.object({ segment: z.string(), name: z.string(), distance, probability }).nullable(),
    why: z.array(z.string()).meta({ description: 'what speaks most for it, the strongest first; empty of groups' }),
  })
  .meta({ id: 'CustomerGroup' })

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
    pairs: z.array(pairValues).meta({ description: 'declared features of the customer with products or categories' }),
    segments: z.array(z.string()).meta({ description: 'ids of the live segments that the customer is in' }),
    groups: z
      .array(customerGroup)
      .meta({ description: 'where the models of discovered and taught families put the customer now' }),
    groupsByAnalyses: z
      .array(z.object({ family: z.string(), because: z.string() }))
      .meta({ description: 'families whose members only analyses find anew, and why' }),
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
    isProfiled: z.boolean().meta({ description: 'whether the customer may be profiled: else they are in no segment' }),
    rule: explainedClause.nullable().meta({ description: 'null of a list, and of who may not be profiled' }),
  })
  .meta({ id: 'SegmentReason' })
