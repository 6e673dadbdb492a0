import { z } from 'zod'
import { anything, commonFields, hasSomebody, identifier, properties, somebodyMissing } from './message.ts'

const name = z.string().trim().min(1).max(512)

/** Something that somebody did: `Product Viewed`, `Order Completed`. */
export const trackCall = z
  .looseObject({ ...commonFields, event: name, properties: properties.nullish() })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'TrackCall' })

/** Who somebody is, and what is known of them. */
export const identifyCall = z
  .looseObject({ ...commonFields, traits: anything.nullish() })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'IdentifyCall' })

const visit = { ...commonFields, name: z.string().max(512).nullish(), properties: properties.nullish() }

/** A page that somebody looked at. */
export const pageCall = z
  .looseObject({ ...visit, category: z.string().max(512).nullish() })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'PageCall' })

/** A screen of an app that somebody looked at. */
export const screenCall = z
  .looseObject({ ...visit, category: z.string().max(512).nullish() })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'ScreenCall' })

/** A company, household or team that somebody belongs to. */
export const groupCall = z
  .looseObject({ ...commonFields, groupId: identifier('the company, household or team'), traits: anything.nullish() })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'GroupCall' })

/** Two ids of one person. */
export const aliasCall = z
  .looseObject({ ...commonFields, previousId: identifier('an earlier id of the same person') })
  .refine(hasSomebody, somebodyMissing)
  .meta({ id: 'AliasCall' })

/** The six calls by the name of their path and of their `type` in a batch. */
export const calls = {
  track: trackCall,
  identify: identifyCall,
  page: pageCall,
  screen: screenCall,
  group: groupCall,
  alias: aliasCall,
} as const

export type CallName = keyof typeof calls
export type Call<Name extends CallName = CallName> = { [Key in Name]: z.infer<(typeof calls)[Key]> }[Name]

/** Many events at once; each is checked by itself. */
export const batchCall = z
  .looseObject({
    batch: z.array(z.unknown()).max(2500),
    context: anything.nullish(),
    integrations: anything.nullish(),
    sentAt: commonFields.sentAt,
    writeKey: commonFields.writeKey,
  })
  .meta({ id: 'BatchCall' })

/** Segment's limits: bytes of one event, and of one request. */
export const eventBytes = 32_768
export const batchBytes = 512_000
