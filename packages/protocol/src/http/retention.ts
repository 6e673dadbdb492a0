import { z } from 'zod'

const calls = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const

/**
 * What has a period of its own: `events`, `events/page`, `events/track/Product Viewed`, `orders`, …
 * Of several that are about one event, the most particular holds.
 */
export const retentionKind = z
  .string()
  .regex(
    new RegExp(
      `^(events(/(${calls.join('|')})(/[^\\n]{1,200})?)?|orders|quarantine|visitors|movements|audit|jobs|failed-events)$`,
    ),
    'must be events, events/CALL, events/CALL/NAME, orders, quarantine, visitors, movements, audit, jobs or failed-events',
  )

/** `90d`, `18m`, `7y` */
export const retentionPeriod = z
  .string()
  .regex(/^[1-9]\d{0,3}[dmy]$/, 'must be a number of days, months or years, as 90d, 18m, 7y')

/** How long what is kept. */
export const retentionSettings = z
  .strictObject({
    periods: z.record(retentionKind, retentionPeriod).meta({
      description:
        'by kind: events, events/page, events/track/Product Viewed, orders, quarantine, visitors, movements, audit, jobs …',
      examples: [{ events: '24m', 'events/page': '180d', visitors: '6m' }],
    }),
    rewritesFiles: z
      .boolean()
      .default(true)
      .meta({ description: 'rewrite the files after a run that removed something' }),
  })
  .meta({ id: 'RetentionSettings', description: 'What has no period is kept for good.' })

/** What a run would remove. */
export const retentionPlan = z
  .object({
    kind: z.string(),
    period: z.string(),
    before: z.number().int().meta({ description: 'milliseconds since 1970: what is older goes' }),
    rows: z.number().int().meta({ description: 'how many rows of it are older' }),
    oldestKept: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'the oldest moment that stays; null when nothing does' }),
  })
  .meta({ id: 'RetentionPlan' })

export const retentionRequest = z
  .strictObject({ dryRun: z.boolean().default(false) })
  .meta({ id: 'RetentionRun', description: 'A dry run only counts.' })

export const retentionPreview = z.object({ plan: z.array(retentionPlan) }).meta({ id: 'RetentionPreview' })

export type RetentionSettings = z.output<typeof retentionSettings>
export type RetentionPlan = z.output<typeof retentionPlan>
