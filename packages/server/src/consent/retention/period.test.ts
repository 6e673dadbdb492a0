import { expect, test } from 'vitest'
import { momentBefore } from './period.ts'

test.each([
  ['2026-03-31T10:00:00.000Z', '1m', '2026-02-28T10:00:00.000Z'],
  ['2024-02-29T00:00:00.000Z', '1y', '2023-02-28T00:00:00.000Z'],
  ['2026-01-15T00:00:00.000Z', '18m', '2024-07-15T00:00:00.000Z'],
  ['2026-03-01T00:00:00.000Z', '1d', '2026-02-28T00:00:00.000Z'],
  ['2026-03-01T00:00:00.000Z', '9999y', '-007973-03-01T00:00:00.000Z'],
])('%s less %s is %s', (at, period, before) => {
  expect(new Date(momentBefore(Date.parse(at), period)).toISOString()).toBe(before)
})
