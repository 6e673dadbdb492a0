import { z } from 'zod'

/** What the route of a page declares. @param query what may stand after the question mark. Default: nothing */
export const page = (summary: string, query?: z.ZodType) =>
  ({
    config: { access: { role: 'viewer' }, summary, answers: { 200: 'text/html' }, ...(query && { query }) },
  }) as const

/** From where on members are shown. */
export const memberPlace = z.object({ after: z.string().max(600).default('') })
