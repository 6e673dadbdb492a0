import { describe, expect, test } from 'vitest'
import { consentEvent as eventOfProtocol, purpose } from '../../protocol/src/index.ts'
import { Consent, checkPreferences, consentEvent, purposes } from './consent.ts'
import { memoryStore } from './store.ts'

test('purposes and the name of the event are those of the protocol', () => {
  expect(purposes).toEqual(purpose.options)
  expect(consentEvent).toBe(eventOfProtocol)
})

test('a preference that means nothing is refused', () => {
  expect(checkPreferences({ analytics: true, 'marketing.email': false })).toEqual({
    analytics: true,
    'marketing.email': false,
  })
  expect(() => checkPreferences({ marketing: true })).toThrow('a purpose must be one of analytics, profiling')
  expect(() => checkPreferences({ analytics: 'yes' })).toThrow('consent to analytics must be true or false, got yes')
  expect(() => checkPreferences(undefined)).toThrow('consent must be an object of purposes')
})

describe('what holds', () => {
  const quiet = { globalPrivacyControl: false, doNotTrack: false }

  test('nothing is said where nothing was said', () => {
    expect(new Consent(memoryStore(), quiet, {}, false).stamp()).toBeUndefined()
    expect(new Consent(memoryStore(), quiet, {}, false).collection()).toBe('allowed')
    expect(new Consent(memoryStore(), quiet, {}, true).collection()).toBe('undecided')
  })

  test('a signal denies what it is set to deny, and a decision on the site stands above it', () => {
    const consent = new Consent(memoryStore(), { ...quiet, doNotTrack: true }, { doNotTrack: ['analytics'] }, false)
    expect(consent.collection()).toBe('denied')
    expect(consent.stamp()).toEqual({ categoryPreferences: { analytics: false }, doNotTrack: true })
    consent.decide({ analytics: true })
    expect(consent.collection()).toBe('allowed')
  })

  test('decisions add up, and what is not ours in the store is passed over', () => {
    const store = memoryStore()
    const consent = new Consent(store, quiet, {}, true)
    consent.decide({ analytics: true })
    consent.decide({ profiling: false })
    expect(consent.preferences()).toEqual({ analytics: true, profiling: false })
    for (const broken of ['{"analytics":"yes","other":true}', '{"anal', 'null', '7']) {
      store.write('consent', broken)
      expect(consent.preferences()).toEqual({})
    }
  })
})
