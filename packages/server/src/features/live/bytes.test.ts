import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader, ByteWriter } from './bytes.ts'

const written = (write: (to: ByteWriter) => void): ByteReader => {
  const to = new ByteWriter()
  write(to)
  return new ByteReader(to.take())
}

it('reads the texts that were written, also those that are much like others', () => {
  const alike = fc.constantFrom('', 'Women', 'Wömen', 'Women > Shoes', 'p1', 'p2', 'é', 'Ã©', '日本', 'x'.repeat(33))
  const texts = fc.array(fc.oneof(alike, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 30 })
  fc.assert(
    fc.property(texts, (all) => {
      const from = written((to) => all.forEach((text) => void to.text(text)))
      expect(all.map(() => from.text())).toEqual(all)
    }),
  )
})

it('reads the keys and numbers that were written', () => {
  const key = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
  const whole = fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })
  fc.assert(
    fc.property(fc.array(fc.tuple(key, whole, fc.double())), (all) => {
      const from = written((to) => {
        for (const [one, another, third] of all) {
          to.key(one)
          to.whole(another)
          to.number(third)
        }
      })
      expect(all.map(() => [from.key(), from.whole(), from.number()])).toEqual(all)
    }),
  )
})

it('reads a key of each half by itself', () => {
  for (const key of [0n, 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n])
    expect(written((to) => to.key(key)).key()).toBe(key)
})
