import fc from 'fast-check'
import { expect, it } from 'vitest'
import { KnownKeys } from './known-keys.ts'

const mask = (1n << 43n) - 1n
const known = (keys: readonly bigint[]): KnownKeys =>
  new KnownKeys(
    Float64Array.from(keys, (key) => Number(key >> 86n)),
    Float64Array.from(keys, (key) => Number((key >> 43n) & mask)),
    Float64Array.from(keys, (key) => Number(key & mask)),
  )
const key = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })
/** Alike in all bits but a few, so that parts are the same. */
const alike = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map(([a, b, c]) => {
  return (BigInt(a) << 86n) | (BigInt(b) << 43n) | BigInt(c)
})

it('has the keys that it was given, and no other', () => {
  const keys = fc.array(fc.oneof(key, alike))
  fc.assert(
    fc.property(keys, keys, (given, others) => {
      const these = known(given)
      for (const one of given) expect(these.has(one)).toBe(true)
      for (const one of others) expect(these.has(one)).toBe(given.includes(one))
    }),
  )
})

it('has none where there are none', () => {
  expect(KnownKeys.none.has(0n)).toBe(false)
})
