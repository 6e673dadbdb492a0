import { expect, test } from 'vitest'
import { regionOf } from './region-of.ts'

test.each([
  'DE',
  'de',
  ' Germany ',
  'United Kingdom',
  'UK',
  'EIRE',
  'CHE',
  'Switzerland',
  'Iceland',
  'Channel Islands',
])('%s asks first', (country) => expect(regionOf(country)).toBe('opt-in'))

test.each(['US', 'USA', 'United States', 'Japan', 'Brazil', 'Russia', 'Türkiye'])('%s lets people opt out', (country) =>
  expect(regionOf(country)).toBe('opt-out'),
)

test.each(['', 'Atlantis', 'European Community', 'Unspecified', 'EU', 'EUR', 'ZZ'])(
  'nobody knows where %j is',
  (country) => expect(regionOf(country)).toBe('unknown'),
)
