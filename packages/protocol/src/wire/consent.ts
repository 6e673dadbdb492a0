import { z } from 'zod'
import { basis, purpose } from '../consent.ts'

/** The name of the event that carries a change of consent, after Segment's consent events. */
export const consentEvent = 'Segment Consent Preference Updated'

/** The name of the event that carries what an operator or a program recorded; nobody can send it over the wire. */
export const decisionEvent = 'Consent Recorded'

/** What somebody decided, by purpose, in `context.consent.categoryPreferences`. */
export const consentPreferences = z.partialRecord(purpose, z.boolean())

/** The properties of the event of a recorded decision. */
export const decisionProperties = z.object({
  source: z.enum(['api', 'command']),
  basis,
  text_version: z.string().nullable(),
  proof: z.record(z.string(), z.unknown()),
  actor: z.string().optional(),
})
