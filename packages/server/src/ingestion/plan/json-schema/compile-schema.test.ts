import { expect, test } from 'vitest'
import { checkValue } from './check.ts'
import { compileSchema } from './compile-schema.ts'

const check = (schema: unknown, value: unknown) => checkValue(compileSchema(schema), value)

test('a violation says where, what must hold, and which rule says so, never what was got', () => {
  const schema = {
    type: 'object',
    required: ['price', 'sku'],
    additionalProperties: false,
    properties: {
      price: { type: 'number', exclusiveMinimum: 0 },
      sku: { type: 'string', pattern: '^[A-Z]{3}-\\d+$' },
      'a/b~c': { enum: ['x', 1, null] },
      products: { type: 'array', minItems: 1, items: { $ref: '#/$defs/product' } },
    },
    $defs: { product: { required: ['id'], properties: { id: { type: ['string', 'integer'] } } } },
  }
  expect(check(schema, { price: 1.5, sku: 'ABC-7', products: [{ id: 7 }] })).toEqual([])
  expect(
    check(schema, {
      price: 0,
      sku: 'abc',
      'a/b~c': 'secret',
      products: [{ id: 'a' }, { id: 1.5 }, {}],
      email: 'a@b.example',
    }),
  ).toEqual([
    { pointer: '/email', must: 'must be left out: it is not declared', rule: '/additionalProperties' },
    { pointer: '/price', must: 'must be more than 0', rule: '/properties/price/exclusiveMinimum' },
    { pointer: '/sku', must: 'must match the pattern "^[A-Z]{3}-\\\\d+$"', rule: '/properties/sku/pattern' },
    { pointer: '/a~1b~0c', must: 'must be "x" or 1 or null', rule: '/properties/a~1b~0c/enum' },
    { pointer: '/products/1/id', must: 'must be text or a whole number', rule: '/$defs/product/properties/id/type' },
    { pointer: '/products/2/id', must: 'must be there', rule: '/$defs/product/required' },
  ])
})

test.each([
  ['date', ['2024-02-29', '2000-12-31'], ['2023-02-29', '1900-02-29', '2024-13-01', '2024-1-1', '']],
  [
    'date-time',
    ['2024-02-29T23:59:60Z', '2024-01-01t00:00:00.123+02:00'],
    ['2024-01-01', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00'],
  ],
  ['email', ['a@b.example', 'a+b@c'], ['a', 'a b@c.example', '@b', 'a@', 'a@b..c']],
  ['uri', ['https://a.example/b?c', 'mailto:a@b.example'], ['/a', 'a b', 'https://']],
  ['uuid', ['018f2c5e-0000-7000-8000-00000000abcd'], ['018f2c5e00007000800000000000abcd', 'x']],
  ['ipv4', ['127.0.0.1'], ['127.0.0.256', '1']],
  ['ipv6', ['::1'], ['127.0.0.1', ':']],
])('text of the format %s is told from other text', (format, good, bad) => {
  for (const text of good) expect([text, check({ format }, text)]).toEqual([text, []])
  for (const text of bad) expect([text, check({ format }, text).length]).toEqual([text, 1])
  expect(check({ format }, 7)).toEqual([])
})

test.each([
  [{ tpye: 'string' }, '/tpye must be one of the keywords'],
  [{ properties: { a: { type: 'text' } } }, '/properties/a/type must name types out of string'],
  [{ minimum: '1' }, '/minimum must be a number, got "1"'],
  [{ required: 'a' }, '/required must be a list of names'],
  [{ items: [{}] }, '/items must be one schema'],
  [{ format: 'ssn' }, '/format must be one of date'],
  [{ pattern: '(' }, '/pattern must be a regular expression'],
  [{ pattern: '(a)\\1' }, '/pattern must be a regular expression without backreferences'],
  [{ pattern: '(?=a)b' }, '/pattern must be a regular expression without backreferences'],
  [{ pattern: '((a{100}){100}){100}' }, '/pattern must'],
  [{ $ref: 'https://a.example/b' }, '/$ref must be # or name one of the $defs'],
  [{ $ref: '#/$defs/toString' }, '/$ref must be # or name one of the $defs'],
  [{ $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema must be https://json-schema.org/draft/2020-12'],
  [{ properties: { a: { $defs: {} } } }, '/properties/a/$defs must stand in the schema as a whole'],
  [{ properties: [] }, '/properties must be an object'],
  [{ properties: null, additionalProperties: false }, '/properties must be an object'],
  [{ multipleOf: 0 }, '/multipleOf must be more than 0'],
  [{ enum: [] }, '/enum must be a list of at least one value'],
  [{ minLength: -1 }, '/minLength must be a whole number'],
  [true, 'the schema must be an object'],
  [null, 'the schema must be an object'],
  [[], 'the schema must be an object'],
])('%j is refused with a pointer', (schema, message) => {
  expect(() => compileSchema(schema)).toThrowError(message)
  expect(() => compileSchema(schema)).toThrowError(expect.objectContaining({ code: 'plan.schema' }))
})

const nested = (depth: number): object => (depth === 0 ? {} : { properties: { a: nested(depth - 1) } })

test('schemas nested too deep or too many are refused', () => {
  expect(() => compileSchema(nested(100))).toThrowError('nested at most')
  expect(() => compileSchema({ allOf: Array.from({ length: 6000 }, () => ({})) })).toThrowError('at most 5000 schemas')
})

/** Processor time of this process, ms. */
const spent = (work: () => void): number => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const doubling = {
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `d${at}`,
      at === 39 ? {} : { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
    ]),
  ),
  $ref: '#/$defs/d0',
}

test.each([
  ['itself, on the same value', { $ref: '#' }, {}],
  ['two others twice each, forty times', doubling, {}],
  ['a pattern that backtracking takes for ever on', { pattern: '^(a+)+$' }, `${'a'.repeat(30_000)}!`],
  ['a large pattern on a long text', { pattern: '(x?y{1,300})*$' }, 'y'.repeat(32_000)],
  ['a list whose items must differ', { uniqueItems: true }, Array.from({ length: 9000 }, (_, at) => [at])],
  [
    'many schemas for many items',
    { items: { allOf: Array.from({ length: 4000 }, () => ({ type: 'number' })) } },
    Array.from({ length: 9000 }, () => 1),
  ],
])('a schema that applies %s ends in a moment', (_, schema, value) => {
  const compiled = compileSchema(schema)
  checkValue(compiled, value)
  expect(spent(() => checkValue(compiled, value))).toBeLessThan(50)
})

test('what takes too long is a violation of the whole, not a value that holds', () => {
  expect(check({ $ref: '#' }, {})).toEqual([{ pointer: '', must: 'must be checkable in 50000 steps', rule: '' }])
  expect(check({ anyOf: [{ $ref: '#' }, {}] }, {})).toHaveLength(1)
})

test('at most ten violations are told', () => {
  expect(
    check(
      { items: { type: 'number' } },
      Array.from({ length: 50 }, () => 'x'),
    ),
  ).toHaveLength(10)
})
