import { expect, test } from 'vitest'
import { basisCommand, leftOutWords } from './left-out-words.ts'

test('nothing is said when nobody is left out', () => {
  expect(leftOutWords({ customers: 0, refused: 0, profiled: 9 }, String)).toBeUndefined()
  expect(leftOutWords(null, String)).toBeUndefined()
})

test('how many are left out and why', () => {
  expect(leftOutWords({ customers: 3, refused: 1, profiled: 9 }, String)).toContain(
    '3 customers left out: no consent to profiling (2 never agreed to it, 1 refused it)',
  )
  expect(leftOutWords({ customers: 1, refused: 1, profiled: 9 }, String)).toContain('1 customer left out')
})

test('a shop that may profile nobody hears what it can do', () => {
  expect(leftOutWords({ customers: 3, refused: 0, profiled: 0 }, String)).toContain(basisCommand)
})
