import { expect, test } from 'vitest'
import { looksLikeConsent } from './consent-words.ts'

test.each([
  'accepts_ads',
  'Accepts Marketing',
  'Accepts SMS Marketing',
  'opt_in',
  'OptIn',
  'email opt-in',
  'newsletter',
  'GDPR consent',
  'Unsubscribed',
  'do_not_contact',
  'E-Mail-Einwilligung',
  'Abonné newsletter',
  'Acepta publicidad',
  'Consenso marketing',
  'marketing',
])('%s looks like consent', (name) => {
  expect(looksLikeConsent(name)).toBe(true)
})

test.each([
  'marketing_channel',
  'newsletter_count',
  'consent_at',
  'subscription_id',
  'Email',
  'Total',
  'accessories',
  'Zip',
  'notes',
])('%s does not', (name) => {
  expect(looksLikeConsent(name)).toBe(false)
})
