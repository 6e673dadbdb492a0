import { expect, test } from 'vitest'
import { withoutPerson } from './erase.ts'

test('entries about a person go, their names in texts are made unreadable, numbers and others stay', () => {
  const document = {
    customers: 12,
    top: [
      { customerId: 'ann-1', value: 3 },
      { customerId: 'bob-2', value: 2 },
    ],
    findings: ['order o-ann-77 has no product', 'asked by Ann@shop.example and ann@shop.example', '42 of 42'],
    of: 'ann-1',
  }
  expect(withoutPerson(document, new Set(['ann-1', 'o-ann-77', 'ann@shop.example', '42']))).toEqual({
    customers: 12,
    top: [{ customerId: 'bob-2', value: 2 }],
    findings: ['order [erased] has no product', 'asked by Ann@shop.example and [erased]', '42 of 42'],
    of: '[erased]',
  })
})
