import { z } from 'zod'

const milliseconds = z.number().meta({ description: 'milliseconds since 1970' })
const name = z.string().min(1).max(100)
const segments = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(500)
  .nullable()
  .meta({ description: 'ids of the segments that it is told of; null for all' })

/** An address of another system that is told who comes into segments and leaves them. */
export const receiver = z
  .object({
    receiverId: z.string(),
    name,
    url: z.string(),
    segments,
    takesDefinitions: z
      .boolean()
      .meta({ description: 'whether it is told who is in a segment that is new or means something else' }),
    createdAt: milliseconds,
    delivered: z.number().int().meta({ description: 'movements' }),
    lastAt: milliseconds.nullable(),
    failure: z.string().nullable().meta({ description: 'why the last try failed; null when it did not' }),
    failingSince: milliseconds.nullable(),
    pausedAt: milliseconds.nullable().meta({ description: 'since when it is not tried any more; resume tries again' }),
  })
  .meta({ id: 'Receiver' })

export const receiverList = z.object({ receivers: z.array(receiver) }).meta({ id: 'ReceiverList' })

export const receiverDraft = z
  .strictObject({
    name,
    url: z.url({ protocol: /^https?$/ }).max(2000),
    segments: segments.default(null),
    takesDefinitions: z.boolean().default(false),
  })
  .meta({ id: 'ReceiverDraft' })

export const madeReceiver = z
  .object({ receiver, secret: z.string().meta({ description: 'what deliveries are signed with; shown this once' }) })
  .meta({ id: 'MadeReceiver' })

export type Receiver = z.output<typeof receiver>
export type ReceiverDraft = z.output<typeof receiverDraft>
