import { expect, test } from 'vitest'
import { wrapped } from './wrapped.ts'

test('breaks between words, keeps all of them, and leaves what is short as it is', () => {
  expect(wrapped('short')).toBe('short')
  const text = Array.from({ length: 60 }, (_, word) => 'x'.repeat(1 + (word % 9))).join(' ')
  const lines = wrapped(text).split('\n')
  expect(lines.length).toBeGreaterThan(2)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(118)
  expect(lines.slice(1).every((line) => /^ {2}\S/.test(line))).toBe(true)
  expect(lines.map((line) => line.trim()).join(' ')).toBe(text)
  expect(wrapped(`a ${'y'.repeat(200)} b`).split('\n')).toHaveLength(3)
})
