import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LoginAttempts, type TooSoonError } from './attempts.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Seconds to wait; 0 when the try was let through. */
function waitOf(attempts: LoginAttempts, key: string): number {
  try {
    attempts.begin(key, 3)
    return 0
  } catch (error) {
    return (error as TooSoonError).waitSeconds
  }
}

test('the wait doubles with each failure, up to a quarter of an hour', () => {
  const attempts = new LoginAttempts()
  expect([waitOf(attempts, 'a'), waitOf(attempts, 'a'), waitOf(attempts, 'a')]).toEqual([0, 0, 0])
  const waits: number[] = []
  for (let failure = 0; failure < 13; failure += 1) {
    waits.push(waitOf(attempts, 'a'))
    vi.advanceTimersByTime(waits.at(-1)! * 1000)
    expect(waitOf(attempts, 'a')).toBe(0)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  expect(waitOf(attempts, 'b')).toBe(0)
})

test('a success, and an hour without a try, forgive', () => {
  const attempts = new LoginAttempts()
  for (let failure = 0; failure < 3; failure += 1) waitOf(attempts, 'a')
  expect(waitOf(attempts, 'a')).toBe(1)
  attempts.succeeded('a')
  expect(waitOf(attempts, 'a')).toBe(0)
  for (let failure = 0; failure < 3; failure += 1) waitOf(attempts, 'a')
  vi.advanceTimersByTime(3_601_000)
  expect(waitOf(attempts, 'a')).toBe(0)
})

test('a clock that is set back makes nobody wait longer', () => {
  const attempts = new LoginAttempts()
  for (let failure = 0; failure < 3; failure += 1) waitOf(attempts, 'a')
  vi.setSystemTime(Date.now() - 3_600_000)
  expect(waitOf(attempts, 'a')).toBe(1)
})
