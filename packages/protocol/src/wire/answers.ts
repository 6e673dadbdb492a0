import { z } from 'zod'

/** Calls that were kept out, by their place in what was sent. */
const quarantined = z.array(
  z.object({ index: z.number(), code: z.string(), reason: z.string(), pointer: z.string().optional() }),
)

/** What a single call is answered with. */
export const callAnswer = z
  .object({
    success: z.literal(true),
    refused: z.number().optional().meta({ description: '1 when consent does not let it in' }),
    quarantined: quarantined.optional().meta({ description: 'it breaks its schema, which keeps it out until mended' }),
  })
  .meta({ id: 'CallAnswer' })

/** What became of each event of a batch. */
export const batchAnswer = z
  .object({
    success: z.literal(true),
    accepted: z.number(),
    duplicates: z.number().meta({ description: 'taken before under the same messageId' }),
    refused: z.number().meta({ description: 'not let in by consent' }),
    quarantined,
  })
  .meta({ id: 'BatchAnswer' })
