import { expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { chooseLapsePeriods, choosingEnd } from './lapse-periods.ts'

const first = Date.UTC(2023, 0, 1)
const after = (days: number): number => first + days * dayMs

test('three in four returns decide N, nineteen in twenty decide A, each as a length one can plan with', () => {
  // 100 returns: 75 after 25 days, 20 after 100, 5 after 300.
  const periods = chooseLapsePeriods({ gaps: [25, 100, 300], counts: [75, 20, 5] }, first, after(800))
  expect(periods).toMatchObject({
    found: true,
    horizonDays: 30,
    activeDays: 120,
    test: after(770),
    training: after(740),
  })
  expect(periods.found && periods.chosenBy).toBe(
    'of 100 returns before the training cut three in four came within 25 days (so N = 30) and 95 % within 100 days (so A = 120)',
  )
})

test('both label periods lie behind the records that chose them, however long the gaps', () => {
  for (const days of [75, 120, 373, 800, 3000]) {
    for (const gap of [1, 20, 70, 200, 900]) {
      const periods = chooseLapsePeriods({ gaps: [gap], counts: [60] }, first, after(days))
      if (!periods.found) throw new Error(periods.because)
      expect(periods.training).toBeGreaterThanOrEqual(choosingEnd(first, after(days)) - 1)
      expect(periods.test - periods.training).toBe(periods.horizonDays * dayMs)
      expect(periods.activeDays).toBeGreaterThanOrEqual(periods.horizonDays)
    }
  }
})

test('a horizon that the history cuts short says so', () => {
  const periods = chooseLapsePeriods({ gaps: [200], counts: [60] }, first, after(373))
  expect(periods).toMatchObject({ horizonDays: 60, activeDays: 180 })
  expect(periods.found && periods.chosenBy).toContain('cut to a fifth of the history')
})

test('a short history and few returns are reasons', () => {
  expect(chooseLapsePeriods({ gaps: [5], counts: [60] }, first, after(60))).toEqual({
    found: false,
    because: 'purchases must go back at least 70 days, got 60',
  })
  expect(chooseLapsePeriods({ gaps: [5], counts: [49] }, first, after(400))).toEqual({
    found: false,
    because: 'customers must have come back at least 50 times before the training period, got 49',
  })
})
