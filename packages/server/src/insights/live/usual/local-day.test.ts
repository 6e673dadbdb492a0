import { expect, test } from 'vitest'
import { dayNumber, localDay, wallSteps } from './local-day.ts'

const at = (text: string): number => Date.parse(text)

test('a day is that of the zone, and so is the one before', () => {
  const zone = 'America/New_York'
  expect(localDay(zone, at('2026-01-02T03:00:00Z'))).toEqual({
    from: at('2026-01-01T05:00:00Z'),
    until: at('2026-01-02T05:00:00Z'),
  })
  expect(localDay(zone, at('2026-01-02T03:00:00Z'), 1).from).toBe(at('2025-12-31T05:00:00Z'))
  expect(dayNumber(zone, at('2026-01-02T03:00:00Z'))).toBe(Date.UTC(2026, 0, 1) / 86_400_000)
})

test('where clocks change, steps are those that they show', () => {
  const zone = 'Europe/Berlin'
  const forth = wallSteps(zone, localDay(zone, at('2026-03-29T12:00:00Z')))
  expect([forth.length, forth.slice(6, 10)]).toEqual([92, [6, 7, 12, 13]])
  const back = wallSteps(zone, localDay(zone, at('2026-10-25T12:00:00Z')))
  expect([back.length, back.slice(10, 14)]).toEqual([100, [10, 11, 8, 9]])
  expect(wallSteps(zone, localDay(zone, at('2026-06-01T12:00:00Z')))).toHaveLength(96)
})
