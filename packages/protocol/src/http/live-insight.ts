import { z } from 'zod'

const moment = z.number().meta({ description: 'milliseconds since 1970' })

const sideOfMix = z
  .object({
    shares: z.array(z.object({ value: z.string().nullable(), count: z.number(), share: z.number() })).meta({
      description: 'the commonest values, the most first; null where events do not say',
    }),
    other: z.number().meta({ description: 'events of all other values' }),
  })
  .meta({ id: 'SideOfMix' })

const sales = z.object({
  currency: z.string(),
  revenue: z.number().meta({ description: 'before refunds, in units of the currency' }),
  refunds: z.number(),
  orders: z.number(),
  averageOrderValue: z.number().nullable(),
  stepMinutes: z.number(),
  course: z
    .object({ revenue: z.array(z.number()), orders: z.array(z.number()) })
    .meta({ description: 'what was sold from the start of the day to the end of each step' }),
})

/** What happens in the shop now; a stream of events has each field as an event of its name. */
export const liveInsight = z
  .object({
    now: z.object({
      asOf: moment,
      isComplete: z.boolean().meta({ description: 'whether what came before the start of the server is counted' }),
      timezone: z.string(),
      simulated: z.string().nullable().meta({ description: 'the scenario of a demo' }),
      perSecond: z.number().meta({ description: 'events a second, of the last ten seconds' }),
      seconds: z.array(z.number()).meta({ description: 'events in each of the last 120 seconds, the oldest first' }),
      minutes: z.array(z.number()).meta({ description: 'events in each of the last 60 minutes' }),
      hours: z.array(z.number()).meta({ description: 'events in each of the last 24 hours' }),
      lastAt: moment.nullable(),
      activeCustomers: z.object({
        fiveMinutes: z.number(),
        halfHour: z.number(),
        today: z.number(),
        isAtLeast: z.boolean().meta({ description: 'there were more than are told apart' }),
      }),
    }),
    mix: z
      .object({ events: sideOfMix, sources: sideOfMix, calls: sideOfMix })
      .meta({ description: 'of the last hour' }),
    today: z.object({
      from: moment,
      until: moment,
      sales: sales.nullable().meta({ description: 'null where nothing was ever sold' }),
    }),
  })
  .meta({ id: 'LiveInsight' })
