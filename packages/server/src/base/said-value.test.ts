import { expect, test } from 'vitest'
import { saidWithUnit } from './said-value.ts'

test.each<[string | number, string | null, string]>([
  [0.013272311212814645, 'share', '1.327 %'],
  [0.4, 'share', '40 %'],
  [0.020833333333333332, 'days', '30 minutes'],
  [0.5, 'days', '12 hours'],
  [41.25, 'days', '41.25 days'],
  [0, 'days', '0 days'],
  [12, 'orders', '12 orders'],
  [123456, null, '123456'],
  [15222.456, 'EUR', '15,222 EUR'],
  [0.00012345, null, '0.0001234'],
  ['Women > Dresses', null, 'Women > Dresses'],
])('%s in %s is said %s', (value, unit, said) => {
  expect(saidWithUnit(value, unit)).toBe(said)
})
