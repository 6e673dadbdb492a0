import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withExactIntegers } from './exact-integers.ts'

const read = (json: string): unknown => JSON.parse(withExactIntegers(Buffer.from(json)).toString())

test.each([
  ['{"id":820982911946154508}', { id: '820982911946154508' }],
  ['[-1234567890123456, 123456789012345]', ['-1234567890123456', 123456789012345]],
  ['9007199254740993', '9007199254740993'],
  [
    '{"a":"id 820982911946154508","b\\"820982911946154508":1}',
    { a: 'id 820982911946154508', 'b"820982911946154508': 1 },
  ],
  ['["\\\\",820982911946154508]', ['\\', '820982911946154508']],
  [
    '[1.2345678901234567,1234567890123456.5,1234567890123456e2]',
    [1.2345678901234567, 1234567890123456.5, 1234567890123456e2],
  ],
])('%s', (json, value) => {
  expect(read(json)).toEqual(value)
})

test('long whole numbers come digit by digit, and everything else as it is', () => {
  const leaf = fc.oneof(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.string(), fc.double({ noNaN: true }))
  fc.assert(
    fc.property(fc.array(leaf), (values) => {
      const written = values.map((value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value)))
      const right = values.map((value, at) => {
        const isLong = /^-?\d{16,}$/.test(written[at]!)
        return isLong ? written[at] : typeof value === 'bigint' ? Number(value) : (JSON.parse(written[at]!) as unknown)
      })
      expect(read(`[${written.join(',')}]`)).toEqual(right)
    }),
  )
})

test('bytes that are no JSON are no trouble', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      withExactIntegers(Buffer.from(bytes))
    }),
  )
})
