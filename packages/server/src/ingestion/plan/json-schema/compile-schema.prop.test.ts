import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkValue } from './check.ts'
import { compileSchema } from './compile-schema.ts'

// An independent implementation of draft 2020-12. It takes a pattern to JavaScript's engine, so patterns are of the part
// that means the same in both.
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false })

const name = fc.constantFrom('a', 'b', 'c')
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, '', 'a', 'ab', 'abc', '💛', 0, 1, 2, -1, 1.5, 10),
  fc.integer({ min: -20, max: 20 }),
)
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value

const count = fc.nat(3)
const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 'object', 'null')
const schema = fc
  .letrec<{ schema: unknown }>((tie) => {
    const some = fc.array(tie('schema'), { minLength: 1, maxLength: 3 })
    const fields = {
      type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
      enum: fc.uniqueArray(value, {
        minLength: 1,
        maxLength: 3,
        comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b),
      }),
      const: value,
      minimum: fc.integer({ min: -3, max: 3 }),
      exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
      multipleOf: fc.integer({ min: 1, max: 4 }),
      minLength: count,
      maxLength: count,
      pattern: fc.constantFrom('^a', 'b+$', '^[ab]{1,2}$', 'c|^$', '.'),
      properties: fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
      additionalProperties: tie('schema'),
      required: fc.uniqueArray(name),
      minProperties: count,
      maxProperties: count,
      items: tie('schema'),
      prefixItems: some,
      minItems: count,
      maxItems: count,
      uniqueItems: fc.boolean(),
      ...{ allOf: some, anyOf: some, oneOf: some, not: tie('schema') },
      ...Object.fromEntries(['if', 'then', 'else'].map((keyword) => [keyword, tie('schema')])),
    }
    const keywords = Object.entries<fc.Arbitrary<unknown>>(fields).map(([keyword, arbitrary]) =>
      arbitrary.map((written) => [keyword, written] as const),
    )
    const node = fc
      .array(fc.oneof(...keywords), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries) as Record<string, unknown>)
    return { schema: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.boolean(), node) }
  })
  .schema.filter((made) => typeof made === 'object')

test('a value holds where an independent implementation of the draft says that it does', () => {
  let bad = 0
  fc.assert(
    fc.property(schema, fc.array(value, { minLength: 5, maxLength: 5 }), (made, values) => {
      const theirs = ajv.compile(made as object)
      const ours = compileSchema(made)
      for (const one of values) {
        const violations = checkValue(ours, one)
        bad += violations.length > 0 ? 1 : 0
        expect([made, one, violations.length === 0]).toEqual([made, one, theirs(one)])
      }
    }),
    { numRuns: 1500 },
  )
  expect(bad).toBeGreaterThan(500)
})
