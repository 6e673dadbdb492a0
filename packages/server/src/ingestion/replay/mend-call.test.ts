import type { Mend } from '@rapport/protocol'
import { mend } from '@rapport/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mendCall } from './mend-call.ts'

const call = () => ({
  type: 'track',
  properties: { prise: '12.50', products: [{ id: 1 }, { id: 2 }], at: 1_767_225_600_000, 'a/b': true, none: null },
})

test.each<[string, Mend[], object]>([
  [
    'a field gets another name',
    [{ op: 'rename', from: '/properties/prise', to: '/properties/price' }],
    { properties: { price: '12.50' } },
  ],
  [
    'a field moves into an object that is made for it',
    [{ op: 'rename', from: '/properties/prise', to: '/context/x/y' }],
    { context: { x: { y: '12.50' } } },
  ],
  ['a missing field is set', [{ op: 'set', at: '/event', value: 'A' }], { event: 'A' }],
  ['a field is set to something else', [{ op: 'set', at: '/type', value: 'page' }], { type: 'page' }],
  [
    'an item of a list is set',
    [{ op: 'set', at: '/properties/products/1/id', value: 9 }],
    { properties: { products: [{ id: 1 }, { id: 9 }] } },
  ],
  ['text becomes a number', [{ op: 'cast', at: '/properties/prise', to: 'number' }], { properties: { prise: 12.5 } }],
  [
    'a number becomes text',
    [{ op: 'cast', at: '/properties/at', to: 'text' }],
    { properties: { at: '1767225600000' } },
  ],
  [
    'true becomes text, of a name with a slash',
    [{ op: 'cast', at: '/properties/a~1b', to: 'text' }],
    { properties: { 'a/b': 'true' } },
  ],
  [
    'milliseconds become a moment',
    [{ op: 'cast', at: '/properties/at', to: 'date' }],
    { properties: { at: '2026-01-01T00:00:00.000Z' } },
  ],
  [
    'an item is left out of a list',
    [{ op: 'drop', at: '/properties/products/0' }],
    { properties: { products: [{ id: 2 }] } },
  ],
  [
    'a step sees what the one before made',
    [
      { op: 'rename', from: '/properties/prise', to: '/properties/price' },
      { op: 'cast', at: '/properties/price', to: 'number' },
    ],
    { properties: { price: 12.5 } },
  ],
  ['what is null stays null', [{ op: 'cast', at: '/properties/none', to: 'number' }], { properties: { none: null } }],
])('%s', (_, mends, expected) => {
  expect(mendCall(call(), mends)).toMatchObject({ call: expected })
})

test('a field that is left out is gone', () => {
  expect(mendCall({ a: 1, b: 2 }, [{ op: 'drop', at: '/a' }])).toEqual({ call: { b: 2 } })
})

test.each<Mend>([
  { op: 'rename', from: '/nowhere', to: '/somewhere' },
  { op: 'cast', at: '/nowhere/at/all', to: 'number' },
  { op: 'cast', at: '/type/length', to: 'text' },
  { op: 'drop', at: '/properties/products/7' },
  { op: 'drop', at: '/properties/products/length' },
  { op: 'rename', from: '/toString', to: '/x' },
])('what is not there stays so: %j', (step) => {
  expect(mendCall(call(), [step])).toEqual({ call: call() })
})

test.each<[Mend, string]>([
  [
    { op: 'cast', at: '/properties/products', to: 'number' },
    '/properties/products must be a number, or one in digits like 12.5, got [{"id":1}',
  ],
  [
    { op: 'cast', at: '/type', to: 'date' },
    '/type must be a moment in ISO 8601, or milliseconds since 1970 in 11 digits or more, got "track"',
  ],
  [{ op: 'cast', at: '/properties', to: 'text' }, '/properties must be text, a number, or true or false, got {'],
  [{ op: 'set', at: '/type/x', value: 1 }, '/type/x must have an object, or a place of a list, to be put in'],
  [{ op: 'set', at: '/properties/products/7', value: 1 }, '/properties/products/7 must have an object, or a place'],
])('what cannot be done is said: %j', (step, reason) => {
  expect(mendCall(call(), [step])).toMatchObject({
    rejection: { code: 'ingestion.mend', reason: expect.stringContaining(reason) },
  })
})

test.each([
  ['number', ['1', ' 2.5 ', '-3', '.5', '1e3'], ['', 'x', '12,5', '0x10', '1e999', 'NaN', true, {}]],
  [
    'date',
    ['2026-01-02', '2026-01-02T03:04', '2026-01-02 03:04:05+01:00', '1767225600000', 1e12],
    ['', '2026', 0, 1767225600, '1767225600', 'x', '2026-13-01', '1/2/2026', 9e99, true, []],
  ],
] as const)('as a %s goes what is written like one, and nothing else', (to, good, bad) => {
  for (const value of good)
    expect([value, mendCall({ value }, [{ op: 'cast', at: '/value', to }])]).toEqual([
      value,
      { call: expect.anything() },
    ])
  for (const value of bad)
    expect([value, mendCall({ value }, [{ op: 'cast', at: '/value', to }])]).toEqual([
      value,
      { rejection: expect.anything() },
    ])
})

test('a time without an offset is UTC', () => {
  expect(mendCall({ at: '2026-01-02 03:04' }, [{ op: 'cast', at: '/at', to: 'date' }])).toEqual({
    call: { at: '2026-01-02T03:04:00.000Z' },
  })
})

test('a call is not changed, whatever it is and whatever is asked', () => {
  const pointer = fc
    .array(fc.constantFrom('a', 'b', '0', '1', 'toString', 'constructor'), { minLength: 1, maxLength: 4 })
    .map((steps) => `/${steps.join('/')}`)
  const step: fc.Arbitrary<Mend> = fc.oneof(
    fc.record({ op: fc.constant('rename' as const), from: pointer, to: pointer }),
    fc.record({ op: fc.constant('set' as const), at: pointer, value: fc.jsonValue() }),
    fc.record({ op: fc.constant('cast' as const), at: pointer, to: fc.constantFrom('number', 'text', 'date') }),
    fc.record({ op: fc.constant('drop' as const), at: pointer }),
  )
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.array(step, { maxLength: 6 }), (value, mends) => {
      const before = JSON.stringify(value)
      const mended = mendCall(value, mends)
      expect(JSON.stringify(value)).toBe(before)
      if ('call' in mended) JSON.stringify(mended.call)
    }),
  )
  expect(Object.keys(Object.prototype)).toEqual([])
})

test.each(['', 'a', '/', '/a//b', '/__proto__/x', '/a/__proto__'])('%j is no place of a call', (at) => {
  expect(mend.safeParse({ op: 'drop', at }).success).toBe(false)
})
