import { z } from 'zod'

const verdict = z.enum(['steady', 'moved', 'shifted'])
const moved = z.object({
  of: z.string(),
  by: z.number().nullable().meta({
    description: 'population stability index; of the middle of a group how many typical distances it moved',
  }),
  verdict,
})

/** Families of segments that models made: found groups, extended lists. */
export const familyList = z
  .object({
    families: z.array(
      z.object({
        family: z.string(),
        kind: z.enum(['discover', 'teach']),
        modelId: z.string().nullable().meta({ description: 'null where nothing was found' }),
        asOf: z.number().meta({ description: 'milliseconds since 1970; when an analysis looked last' }),
        isLive: z.boolean().meta({ description: 'whether customers are placed with each event' }),
        because: z.string().nullable().meta({ description: 'why it is not live' }),
        segments: z.array(z.object({ id: z.string(), name: z.string() })),
        drift: z
          .object({
            isAlarm: z.boolean(),
            shares: moved,
            middles: z.array(moved),
            inputs: z.array(moved).meta({ description: 'those that moved most, ten at most' }),
          })
          .nullable()
          .meta({ description: 'null before an analysis looked at it again; of taught families without middles' }),
      }),
    ),
  })
  .meta({ id: 'FamilyList' })

/** That groups are found anew. */
export const refitRequest = z
  .object({
    accept: z.boolean().default(false).meta({
      description: 'whether they take the place of those before; else which is which is told, and nothing changes',
    }),
  })
  .strict()
  .meta({ id: 'RefitRequest' })
