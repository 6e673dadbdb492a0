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

const notUsual = z
  .object({ kind: z.literal('too-short'), message: z.string().meta({ description: 'why nothing is usual' }) })
  .meta({ id: 'NotUsual' })

const standing = z
  .object({
    kind: z.literal('band'),
    ...{ value: z.number(), expected: z.number(), low: z.number(), high: z.number() },
    standing: z.enum(['below', 'usual', 'above']),
  })
  .meta({ id: 'StandingInBand' })

const course = z
  .object({
    kind: z.literal('bands'),
    ...{ expected: z.array(z.number()), low: z.array(z.number()), high: z.array(z.number()) },
  })
  .meta({ id: 'UsualCourse', description: 'from the start of the day to the end of each step' })

const movement = z
  .object({
    number: z.number(),
    ...{ segment: z.string(), segmentName: z.string(), customerId: z.string().nullable(), at: moment },
    isEntry: z.boolean(),
    because: z.enum(['event', 'time', 'definition', 'list', 'identity', 'consent', 'erasure']),
    words: z.array(z.string()).meta({ description: 'what decided it' }),
  })
  .meta({ id: 'ShownMovement' })

const anomaly = z
  .object({
    id: z.string(),
    measure: z.enum(['events', 'orders', 'revenue']),
    side: z.enum(['below', 'above']),
    ...{ from: moment, toldAt: moment, overAt: moment.nullable() },
    hour: z.object({ from: moment, until: moment }).meta({ description: 'the hour that was farthest off' }),
    ...{ value: z.number(), expected: z.number(), low: z.number(), high: z.number() },
    explanation: z
      .array(
        z.object({
          side: z.string(),
          share: z.number().meta({ description: 'of the difference, carried by the values named' }),
          surprise: z.number(),
          values: z.array(
            z.object({ value: z.string().nullable(), now: z.number(), expected: z.number(), share: z.number() }),
          ),
        }),
      )
      .meta({ description: 'sides of which few values carry the difference; empty where it went through all alike' }),
  })
  .meta({ id: 'Anomaly' })

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
      standing: z
        .object({ orders: z.union([standing, notUsual]), revenue: z.union([standing, notUsual]) })
        .meta({ description: 'what was sold so far beside what usually is by this moment of the day' }),
    }),
    usual: z
      .object({
        history: z
          .object({ from: moment, until: moment })
          .nullable()
          .meta({ description: 'the days it was learnt from' }),
        confidence: z.number().meta({ description: 'chance with which an ordinary value lies within its band' }),
        course: z.object({ orders: z.union([course, notUsual]), revenue: z.union([course, notUsual]) }),
      })
      .meta({ description: 'the day as it usually is' }),
    movements: z.array(movement).meta({ description: 'who came into live segments and left them, the latest first' }),
    anomalies: z.array(anomaly).meta({ description: 'what was far from usual today, the latest first' }),
  })
  .meta({ id: 'LiveInsight' })
