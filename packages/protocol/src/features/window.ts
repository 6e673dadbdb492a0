import { z } from 'zod'

/** What lengths of time are counted in. A day is 24 hours. */
export const timeUnit = z.enum(['minute', 'hour', 'day'])
export type TimeUnit = z.infer<typeof timeUnit>

/** A length of time: 90 days at most in minutes, ten years in days. */
export const duration = z
  .strictObject({
    count: z.number().int().min(1).max(130_000).meta({ description: 'how many of the unit' }),
    unit: timeUnit,
  })
  .meta({ id: 'Duration' })
export type Duration = z.infer<typeof duration>

/** The most buckets that a rolling window may lie over: what is kept of a customer is bounded by it. */
export const windowBuckets = 3660

/**
 * The latest stretch of time. It lies over whole buckets of its grain, counted since 1970 UTC: as of t, whose bucket is
 * B, it holds the buckets B − skip − n + 1 … B − skip, and of the latest of them what happened by t. So a window moves on
 * when a bucket begins, and is the same in SQL and live.
 */
export const rollingWindow = z
  .strictObject({
    last: duration,
    skip: duration.optional().meta({ description: 'how long before now it ends; default not at all' }),
    grain: timeUnit.optional().meta({ description: 'how it moves on; default by its own unit' }),
  })
  .meta({ id: 'RollingWindow' })
export type RollingWindow = z.infer<typeof rollingWindow>

/** The period of the calendar in the store's time zone that now lies in, or one before it. Weeks begin on Monday. */
export const calendarWindow = z
  .strictObject({
    calendar: z.enum(['day', 'week', 'month', 'year']),
    ago: z.number().int().min(0).max(36).default(0).meta({ description: 'periods before this one' }),
  })
  .meta({ id: 'CalendarWindow' })
export type CalendarWindow = z.infer<typeof calendarWindow>

/** The customer's latest session: that of the latest of their events that has one. */
export const sessionWindow = z.strictObject({ session: z.literal('current') }).meta({ id: 'SessionWindow' })
export type SessionWindow = z.infer<typeof sessionWindow>

/** Which moments are looked at; the whole history where a definition has none. */
export const featureWindow = z.union([rollingWindow, calendarWindow, sessionWindow])
export type FeatureWindow = z.infer<typeof featureWindow>
