import { expect, test } from 'vitest'
import { joinBatch } from './join-batch.ts'

test('each call has what the batch says of all, and its own word wins', () => {
  const consent = { categoryPreferences: { analytics: false, marketing: false } }
  const common = { context: { consent, locale: 'de' }, integrations: { All: false } }
  const own = { event: 'B', context: { locale: 'en', consent: { categoryPreferences: { marketing: true } } } }
  expect(joinBatch([{ event: 'A' }, own, { event: 'C', context: null }, 7], common)).toEqual([
    { event: 'A', ...common },
    {
      ...{ event: 'B', integrations: { All: false } },
      context: { locale: 'en', consent: { categoryPreferences: { analytics: false, marketing: true } } },
    },
    { event: 'C', ...common },
    7,
  ])
  const batch = [{ event: 'A' }]
  expect(joinBatch(batch, { context: null })).toBe(batch)
})

test('a context that would make much of little is refused', () => {
  const context = { text: 'x'.repeat(1000) }
  expect(() => joinBatch(Array(600).fill({}), { context })).toThrow('must have at most 512000 bytes, got ')
})
