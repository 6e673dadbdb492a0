import { z } from 'zod'

export const healthAnswer = z.object({ status: z.literal('up') }).meta({ id: 'Health' })

/** Otherwise the answer is a problem, with the reasons one by one. */
export const readyAnswer = z.object({ status: z.literal('ready') }).meta({ id: 'Ready' })
