import { z } from 'zod'

export const healthAnswer = z.object({ status: z.literal('up') }).meta({ id: 'Health' })
