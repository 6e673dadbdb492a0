import { expect, test } from 'vitest'
import { valuesText } from './values-text.ts'

test('values are rounded as people read them, with their units', () => {
  const values = { rate: 1 / 3, share: 0.123456, since: 0.25, count: 1234567, colour: 'red', none: null }
  const pairs = [
    { name: 'weight', entity: 'customer-product' as const, values: [{ key: 'p1', value: 8280.123456 }], more: 1200 },
  ]
  const units = new Map<string, string | null>([
    ['share', 'share'],
    ['since', 'days'],
    ['weight', null],
  ])
  const text = valuesText([{ customerId: 'ann', values, pairs }], units)
  const said = text.split('\n').map((line) => line.trim().split(/ {2,}/).slice(1))
  expect(said).toEqual(
    expect.arrayContaining([
      ['rate', '0.3333'],
      ['share', '12.35 %'],
      ['since', '6 hours'],
      ['count', '1234567'],
      ['colour', 'red'],
      ['none', 'missing'],
      ['weight', 'p1', '8280'],
    ]),
  )
  expect(text).toContain('weight of ann: 1,200 more')
})
