import { z } from 'zod'

/** What a sender calls something: text, or a number that counts as its text. Blanks around it do not count. */
const identifier = (description: string) =>
  z
    .union([z.string(), z.number().finite().transform(String)])
    .transform((text) => text.trim())
    .pipe(z.string().min(1).max(512))
    .meta({ description })

/** ISO 8601, with an offset or in UTC; a number is milliseconds since 1970. Checked against the clock on receipt. */
const moment = (description: string) =>
  z.union([z.iso.datetime({ offset: true, local: true }), z.number().finite()]).meta({ description })

const anything = z.record(z.string(), z.unknown())

/** What was agreed to when the event was made, by purpose, after Segment's consent fields. */
export const consentContext = z.looseObject({
  categoryPreferences: z.record(z.string(), z.boolean()).optional(),
})

/** The circumstances of an event; every further field is kept. */
export const context = z.looseObject({
  ip: z.string().max(64).nullish(),
  locale: z.string().max(64).nullish(),
  timezone: z.string().max(64).nullish(),
  userAgent: z.string().max(2048).nullish(),
  library: z.looseObject({ name: z.string().optional(), version: z.string().optional() }).nullish(),
  page: z.looseObject({ url: z.string().nullish(), referrer: z.string().nullish() }).nullish(),
  campaign: z.looseObject({ name: z.string().nullish(), source: z.string().nullish() }).nullish(),
  device: z.looseObject({ id: z.string().nullish() }).nullish(),
  traits: anything.nullish(),
  sessionId: z.union([z.string(), z.number()]).nullish(),
  consent: consentContext.nullish(),
})

/** The fields that every call of the Segment spec has. */
export const commonFields = {
  messageId: identifier('id of this event, given by the sender; the same id is taken once').optional(),
  userId: identifier('who did it, as the sender knows its customers').nullish(),
  anonymousId: identifier('who did it while they were not known').nullish(),
  timestamp: moment('when it happened, by the sender’s clock').nullish(),
  originalTimestamp: moment('when it happened, as first written').nullish(),
  sentAt: moment('when the sender sent it, by the sender’s clock').nullish(),
  context: context.nullish(),
  integrations: anything.nullish(),
  channel: z.string().max(64).nullish(),
  writeKey: z.string().max(256).nullish(),
}

export const properties = anything

/** Somebody must have done it. */
export const hasSomebody = (event: { userId?: unknown; anonymousId?: unknown }): boolean =>
  (event.userId ?? undefined) !== undefined || (event.anonymousId ?? undefined) !== undefined

export const somebodyMissing = { error: 'an event must have a userId or an anonymousId', path: ['userId'] }

export { anything, identifier }
