import { expect, test } from 'vitest'
import { modelOfText, modelText } from './model-text.ts'

test('what was fitted comes back bit for bit', () => {
  const model = {
    kind: 'any',
    weights: Float64Array.of(0.1 + 0.2, Number.NaN, -0, Number.MIN_VALUE),
    nodes: Int32Array.of(-1, 7),
    flags: Uint8Array.of(1, 255),
    // A part of a larger array, at an odd place.
    part: Uint16Array.of(1, 2, 3).subarray(1),
    open: Number.POSITIVE_INFINITY,
    unknown: Number.NaN,
    none: null,
    words: ['a', '€'],
  }
  expect(modelOfText(modelText(model))).toEqual(model)
})

test('an array of a kind that nobody knows is refused', () => {
  expect(() => modelOfText('{"$typed":"Map","bytes":""}')).toThrow('must hold arrays of a known kind, got Map')
})
