import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { kindOfSaved, loadModel, saveModel } from './index.ts'

const model = {
  kind: 'k-means',
  centroids: matrixFromRows([
    [1, Number.NaN],
    [-0, Infinity],
  ]),
  labels: Int32Array.of(-1, 2),
  names: ['Zoë', '', '\ud800 half a pair', '🛒'],
  categories: new Map<unknown, unknown>([
    ['__proto__', 1],
    [null, undefined],
  ]),
  chosen: new Set([1, 2]),
  nothing: undefined,
  isConverged: false,
}

const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    return (error as { code: string }).code
  }
  return 'none'
}

test('a saved value comes back as it was, and saving it again gives the same bytes', () => {
  const bytes = saveModel(model)
  const loaded = loadModel<typeof model>(bytes, 'k-means')
  expect(loaded).toStrictEqual(model)
  expect(Object.is(loaded.centroids.values[2], -0)).toBe(true)
  expect('nothing' in loaded).toBe(true)
  expect(saveModel(loaded)).toEqual(bytes)
  expect(kindOfSaved(bytes)).toBe('k-means')
})

test('a view into a larger buffer is saved as what it shows, and the file may lie in one too', () => {
  const values = new Float32Array(10).map((_, at) => at).subarray(3, 6)
  const bytes = saveModel({ kind: 'view', values } as never)
  const held = new Uint8Array(bytes.length + 3)
  held.set(bytes, 3)
  expect(loadModel(held.subarray(3))).toEqual({ kind: 'view', values: Float32Array.of(3, 4, 5) })
  expect(loadModel(Buffer.from(held).subarray(3))).toEqual({ kind: 'view', values: Float32Array.of(3, 4, 5) })
})

test('every way of cutting a file, and every byte changed, is refused', () => {
  const bytes = saveModel(model)
  for (let length = 0; length < bytes.length; length += 1) {
    expect(codeOf(() => loadModel(bytes.subarray(0, length)))).toBe(
      length === 0 ? 'persist.format' : 'persist.truncated',
    )
  }
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = bytes.slice()
    changed[at]! ^= 0x40
    expect(codeOf(() => loadModel(changed))).toMatch(/^persist\.(format|version|truncated|damaged)$/)
  }
  expect(codeOf(() => loadModel(Uint8Array.of(...bytes, 0)))).toBe('persist.damaged')
})

test('another version, another kind and what is no file of ours are refused, each with its reason', () => {
  const bytes = saveModel(model)
  const later = bytes.slice()
  later[8] = 9
  expect(() => loadModel(later)).toThrow("the saved value's format must be 1 … 1, got 9: a later release made it")
  expect(() => loadModel(bytes, 'pca')).toThrow('the saved value must be a pca, got a k-means')
  expect(() => loadModel(new TextEncoder().encode('{"kind":"pca"}'))).toThrow('this is none')
})

test('whatever a kind is called, it comes back as it was or is not saved', () => {
  for (const kind of ['\ufeffmodel', 'modèle 😀', '\u0000', "it's"]) {
    expect(loadModel(saveModel({ kind }), kind)).toEqual({ kind })
  }
  for (const kind of ['half \ud800', '\udc00 half']) {
    expect(() => saveModel({ kind })).toThrow('a kind must be whole characters, got "')
  }
})

test.each([
  ['a function', { kind: 'x', fit: () => 1 }, 'plain data, got a function at model.fit'],
  ['a date', { kind: 'x', at: [new Date(0)] }, 'plain data, got an instance of Date at model.at[0]'],
  ['a big integer', { kind: 'x', id: 1n }, 'plain data, got a bigint at model.id'],
  [
    'big integers',
    { kind: 'x', ids: BigInt64Array.of(1n) },
    'a saved array must be of numbers, got a BigInt64Array at model.ids',
  ],
  ['a hole', { kind: 'x', values: new Array(2) }, 'an array must hold a value at every place'],
  ['a symbol for a key', { kind: 'x', [Symbol('s')]: 1 }, 'keys must be text, got a symbol at model'],
  ['a prototype for a key', JSON.parse('{"kind":"x","a":{"__proto__":1}}'), 'a key must not be __proto__'],
  ['no kind', { values: [] } as never, 'must have a kind, got undefined'],
])('%s is not saved', (_, value, message) => {
  expect(() => saveModel(value)).toThrow(message)
  expect(codeOf(() => saveModel(value))).toBe('persist.value')
})

test('a value that holds itself is refused', () => {
  const ring: { kind: string; next?: unknown } = { kind: 'ring' }
  ring.next = ring
  expect(() => saveModel(ring)).toThrow('nested at most 100 deep')
})
