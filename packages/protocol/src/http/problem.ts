import { z } from 'zod'

/** What went wrong, after RFC 9457. */
export const problemDocument = z
  .object({
    type: z.literal('about:blank'),
    title: z.string().meta({ description: 'the status in words' }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'what must hold, what was got, and where' }),
    code: z.string().meta({ description: 'stable: room.reason' }),
    pointer: z.string().optional().meta({ description: 'where in the body, a JSON pointer' }),
    requestId: z.string().optional().meta({ description: 'what the server’s log calls the request' }),
  })
  .readonly()
  .meta({ id: 'Problem', description: 'what went wrong (RFC 9457)' })
export type Problem = z.infer<typeof problemDocument>
