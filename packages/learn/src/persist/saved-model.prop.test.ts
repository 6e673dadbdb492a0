import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './checksum.ts'
import { loadModel, saveModel } from './index.ts'

const leaf = fc.oneof(
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, '\udfff'),
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint16Array(),
)
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
    ),
    fc.uniqueArray(fc.tuple(leaf, tie('value')), { selector: ([key]) => key }).map((entries) => new Map(entries)),
  ),
})).value

/** A file whose value is `value`, sealed as a forger would. */
function forged(value: Uint8Array): Uint8Array {
  const bytes = saveModel({ kind: 'x' })
  const from = 25
  const file = new Uint8Array(from + value.length)
  file.set(bytes.subarray(0, from))
  file.set(value, from)
  const view = new DataView(file.buffer)
  view.setBigUint64(14, BigInt(value.length), true)
  view.setUint32(10, crc32(file, 14), true)
  return file
}

const expectRefusal = (file: Uint8Array): void => {
  try {
    loadModel(file)
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^persist\.[a-z]+$/)
  }
}

test('whatever is plain comes back as it was, and to the same bytes', () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = saveModel({ kind: 'x', value } as never)
      const loaded = loadModel<{ kind: string; value: unknown }>(bytes)
      expect(loaded.value).toEqual(value)
      expect(saveModel(loaded)).toEqual(bytes)
    }),
  )
})

test('bytes at random, and sealed as if they were a value, are a value or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expectRefusal(bytes)
      expectRefusal(forged(bytes))
    }),
    { numRuns: 1000 },
  )
})

test('a sealed file with any bytes changed is a value or a refusal, and no prototype changes', () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  fc.assert(
    fc.property(
      values,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1 }),
      (value, changes) => {
        const bytes = saveModel({ kind: 'x', value } as never).slice(25)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        expectRefusal(forged(bytes))
      },
    ),
    { numRuns: 1000 },
  )
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
})

test('a file that announces more than it holds is refused before anything is made of it', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f]
  for (const tag of [5, 6, 7, 8, 9, 10, 32, 33, 40]) {
    expect(() => loadModel(forged(Uint8Array.of(tag, ...huge)))).toThrow('a count must fit into the 0 bytes left')
  }
  expect(() => loadModel(forged(Uint8Array.of(7, ...Array(12).fill(0xff))))).toThrow('a count must fit')
  // An array in an array in an array …
  const nested = Uint8Array.from({ length: 4000 }, (_, at) => (at % 2 === 0 ? 7 : 1))
  expect(() => loadModel(forged(nested))).toThrow('nested at most 100 deep')
})

test('a forged key cannot reach a prototype', () => {
  const key = [...new TextEncoder().encode('__proto__')]
  const value = Uint8Array.of(8, 1, 5, key.length, ...key, 8, 0)
  expect(() => loadModel(forged(value))).toThrow('a key must stand once and not be __proto__')
})
