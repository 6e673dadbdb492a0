import { expect, test } from 'vitest'
import { noneTells } from './none-tells.ts'

test('a few are named, of many the rest is counted', () => {
  expect(noneTells('a feature', ['age', 'income'])).toMatch(
    /^a feature must tell customers apart, none does of age, income: features /,
  )
  const many = Array.from({ length: 107 }, (_, at) => `f${at}`)
  expect(noneTells('a chosen feature', many)).toMatch(/none does of f0, f1, .*, f9 and 97 more: /)
  expect(noneTells('a feature', [])).toMatch(/none does of none: /)
})
