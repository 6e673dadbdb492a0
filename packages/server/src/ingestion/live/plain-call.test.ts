import { type CallName, calls } from '@rapport/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainCall } from './plain-call.ts'

const names = Object.keys(calls) as CallName[]
const odd = fc.oneof(
  fc.constantFrom(null, undefined, '', ' ', 'a', ' a', 'a\u00a0', '\ufeffa', 7, -0, true, [], {}, 'x'.repeat(65)),
  fc.string({ maxLength: 20 }),
  fc.constantFrom('x'.repeat(257), 'x'.repeat(512), 'x'.repeat(513), 'x'.repeat(2049)),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.anything({ maxDepth: 1 }), { maxKeys: 2 }),
)
/** Mostly what is sent, now and then what nobody should. */
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: odd })
const text = mostly(fc.constantFrom('a', 'Some text', 'x'.repeat(60), 'ä\u2028'))
const traits = mostly(fc.constantFrom({}, { plan: 'pro' }))
const moment = fc.oneof(
  mostly(
    fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
  ),
  fc.constantFrom(
    ...['2026-02-30T00:00:00Z', '2026-02-28T24:00:00Z', '2026-02-28T23:59:60Z', '2026-02-28T00:00:00', '2026-02-28'],
    ...['2026-02-28T00:00:00.1234567Z', '2026-02-28T00:00:00+01:00', '2026-02-28t00:00:00z', '2026-02-28T00:00Z'],
    ...['2026-02-28T00:00:00Z', '2026-02-28T23:59:59.1Z', '2026-02-28T23:59:59.123456Z'],
    ...['2026-02-29T00:00:00Z', '2028-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-11-31T00:00:00Z'],
    ...['2026-01-31T00:00:00Z', '2026-04-30T00:00:00Z', '2026-01-32T00:00:00Z', '2026-13-01T00:00:00Z'],
  ),
)
const some = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] })
const context = some({
  ...{ ip: text, locale: text, timezone: text, userAgent: text, traits, sessionId: text, other: odd },
  library: mostly(some({ name: text, version: text, more: odd })),
  page: mostly(some({ url: text, referrer: text })),
  campaign: mostly(some({ name: text, source: text })),
  device: mostly(some({ id: text, model: text })),
  consent: fc.constantFrom(null, undefined, {}, { categoryPreferences: { analytics: true } }),
})
const call = some({
  ...{ event: text, userId: text, anonymousId: text, messageId: text, name: text, category: text, channel: text },
  ...{ properties: traits, traits, integrations: traits, writeKey: text, groupId: text, previousId: text, more: odd },
  ...{ timestamp: moment, originalTimestamp: moment, sentAt: moment, context: mostly(context) },
})

test('what looks plain is what the schema gives back', () => {
  let plain = 0
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.oneof(call, odd), (name, value) => {
      const looked = plainCall(value, name)
      if (looked === undefined) return
      plain += 1
      const parsed = calls[name].safeParse(value)
      expect(parsed.error).toBeUndefined()
      expect(looked).toEqual(parsed.data)
    }),
    { numRuns: 20_000 },
  )
  expect(plain).toBeGreaterThan(150)
})

test('what SDKs send is plain', () => {
  const sent = {
    ...{
      event: 'Product Viewed',
      userId: 'u',
      anonymousId: 'a',
      messageId: 'm',
      timestamp: '2026-01-02T03:04:05.678Z',
    },
    ...{ properties: { price: 1 }, integrations: {}, context: { page: { url: 'https://a.example' }, library: {} } },
  }
  expect(plainCall(sent, 'track')).toBe(sent)
})

test('what is sent on any day of a common year is plain', () => {
  for (let day = 0; day < 365; day += 1) {
    const timestamp = new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString()
    expect(plainCall({ event: 'e', userId: 'u', timestamp }, 'track'), timestamp).toBeDefined()
  }
})
