import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backoffMs, retryAfterMs } from './backoff.ts'

test('doubles from a second to five minutes, of which a half is random', () => {
  expect([1, 2, 3, 9, 10, 60].map((failures) => backoffMs(failures, 0))).toEqual([
    500, 1000, 2000, 128_000, 150_000, 150_000,
  ])
  expect(backoffMs(1, 0.5)).toBe(750)
  expect(backoffMs(2000, 0.999)).toBeLessThan(300_000)
})

test('Retry-After is seconds or a date, and never more than an hour', () => {
  const now = Date.UTC(2026, 0, 1)
  expect(retryAfterMs('7', now)).toBe(7000)
  expect(retryAfterMs(' 0 ', now)).toBe(0)
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000)
  expect(retryAfterMs('Wed, 31 Dec 2025 23:00:00 GMT', now)).toBe(0)
  expect(retryAfterMs('999999999', now)).toBe(3_600_000)
  expect(retryAfterMs(null, now)).toBe(0)
  expect(retryAfterMs('soon', now)).toBe(0)
})

test('any header at all gives a wait between 0 and an hour', () => {
  fc.assert(
    fc.property(fc.string(), (header) => {
      const wait = retryAfterMs(header, 0)
      expect(wait >= 0 && wait <= 3_600_000).toBe(true)
    }),
  )
})
