import { expect, test } from 'vitest'
import { shortened } from './shortened.ts'

test('a text is cut between characters, never within one', () => {
  expect(shortened('a😀b', 4)).toBe('a😀b')
  expect(shortened('a😀b', 3, '…')).toBe('a😀…')
  expect(shortened('a😀b', 2, '…')).toBe('a…')
  expect(shortened('abc', 2)).toBe('ab')
})
