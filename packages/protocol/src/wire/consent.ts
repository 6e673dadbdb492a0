import { z } from 'zod'
import { purpose } from '../consent.ts'

/** The name of the event that carries a change of consent, after Segment's consent events. */
export const consentEvent = 'Segment Consent Preference Updated'

/** What somebody decided, by purpose, in `context.consent.categoryPreferences`. */
export const consentPreferences = z.partialRecord(purpose, z.boolean())
