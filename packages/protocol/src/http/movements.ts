import { z } from 'zod'

/** Somebody came into a live segment, or left it. */
const toldMovement = z
  .object({
    id: z.string().meta({ description: 'the same in every telling' }),
    type: z.enum(['segment.entered', 'segment.left']),
    number: z.number().int().meta({ description: '1, 2, 3 … of the store, in the order of telling; some are missing' }),
    segment: z.string(),
    version: z.number().int().meta({ description: 'of the segment’s definition' }),
    sequence: z.number().int().meta({ description: '1, 2, 3 … of the segment; missing where a customer was erased' }),
    customerId: z.string().nullable().meta({ description: 'null where whoever left was erased' }),
    at: z.iso.datetime(),
    because: z.enum(['event', 'time', 'definition', 'list', 'identity', 'consent', 'erasure']),
    clauses: z
      .array(
        z.object({
          pointer: z.string().meta({ description: 'to it in the definition of the segment' }),
          words: z.string(),
          holds: z.boolean(),
          value: z.union([z.number(), z.string()]).nullable(),
        }),
      )
      .meta({ description: 'what of the rule decided it' }),
  })
  .meta({ id: 'ToldMovement' })

export const movementList = z
  .object({
    movements: z.array(toldMovement),
    through: z.number().int().meta({ description: 'ask for those after it next' }),
  })
  .meta({ id: 'MovementList' })

const number = z.coerce.number().int().min(0)
const segments = z
  .union([z.string(), z.array(z.string())])
  .transform((ids) => [ids].flat())
  .optional()
  .meta({ description: 'ids of segments; default all' })

export const movementSearch = z.object({
  after: number.default(0).meta({ description: 'a movement’s number' }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  segment: segments,
})

export const movementStream = z.object({
  after: number.optional().meta({ description: 'a movement’s number; default: only what comes from now on' }),
  segment: segments,
})
