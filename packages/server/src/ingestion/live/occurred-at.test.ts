import { expect, test } from 'vitest'
import { occurredAt } from './occurred-at.ts'

const received = Date.UTC(2026, 0, 2, 12)
const iso = (ms: number) => new Date(ms).toISOString()

test('a sender whose clock is a day ahead is right about the age of its events', () => {
  const wrong = received + 86_400_000
  expect(occurredAt({ timestamp: iso(wrong - 5000) }, iso(wrong), received)).toBe(received - 5000)
})

test('an event that waited a week in a phone happened a week ago', () => {
  expect(occurredAt({ timestamp: iso(received - 7 * 86_400_000) }, iso(received), received)).toBe(
    received - 7 * 86_400_000,
  )
})

test('nothing happened after it was received', () => {
  expect(occurredAt({ timestamp: iso(received + 3_600_000) }, undefined, received)).toBe(received)
  expect(occurredAt({ timestamp: iso(received) }, iso(received - 10), received)).toBe(received)
})

test('without a moment it happened when it came', () => {
  expect(occurredAt({}, iso(received - 10), received)).toBe(received)
})

test('milliseconds, offsets and moments without one are read', () => {
  expect(occurredAt({ timestamp: received - 1 }, undefined, received)).toBe(received - 1)
  expect(occurredAt({ timestamp: '2026-01-02T12:30:00+01:00' }, undefined, received)).toBe(received - 1_800_000)
  expect(occurredAt({ timestamp: '2026-01-02T11:59:00' }, undefined, received)).toBe(received - 60_000)
})

test('before 1970 there was nothing', () => {
  expect(() => occurredAt({ timestamp: '1950-01-01T00:00:00Z' }, undefined, received)).toThrow(/1970/)
})
