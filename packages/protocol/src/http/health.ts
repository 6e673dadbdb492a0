import { z } from 'zod'

export const healthAnswer = z
  .object({
    status: z.literal('up'),
    live: z.enum(['ready', 'building']).meta({
      description: 'building: history is still being read into live features and segments, which miss some until then',
    }),
  })
  .meta({ id: 'Health' })

/** Otherwise the answer is a problem, with the reasons one by one. */
export const readyAnswer = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' })
