import { z } from 'zod'

/** What a customer can agree to. */
export const purpose = z.enum([
  'analytics',
  'profiling',
  'personalization',
  'marketing.email',
  'marketing.social',
  'marketing.ads',
])
export type Purpose = z.infer<typeof purpose>

/** Why somebody may be contacted, in the words of the GDPR (article 6) that apply to marketing. */
export const basis = z.enum(['consent', 'contract', 'legitimate-interest'])
export type Basis = z.infer<typeof basis>
