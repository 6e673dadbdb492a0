import { expect, test } from 'vitest'
import { documentOfBytes, jsonOfBytes } from './json-of-bytes.ts'

const read = (json: string): unknown => jsonOfBytes(Buffer.from(json), 'a.code', 'the file')

test('what is no character of a database is replaced, and keys of prototypes are left out', () => {
  expect(read(String.raw`{"a":"u\ud800","b":"\u0000","c":"\ud83d\ude00","d":"\\ud800"}`)).toEqual({
    ...{ a: 'u\ufffd', b: '\ufffd', c: '😀', d: String.raw`\ud800` },
  })
  expect(Object.keys(read(String.raw`{"__proto__":{"x":1},"\u005f_proto__":2,"y":3}`) as object)).toEqual(['y'])
})

test('what is nested too deep or is no JSON is refused by its name', () => {
  expect(read('[{"a":"[[["}]')).toEqual([{ a: '[[[' }])
  const deep = '['.repeat(5000) + ']'.repeat(5000)
  expect(() => read(deep)).toThrow('the file must be nested at most 100 deep')
  expect(() => read('{"a":')).toThrow('the file must be JSON, got: ')
})

test('of a declared document a key of prototypes is refused with its place', () => {
  const document = (json: string): unknown => documentOfBytes(Buffer.from(json), 'a.code', 'the file')
  expect(document('{"a":"__proto__","b":[{"proto":1}]}')).toEqual({ a: '__proto__', b: [{ proto: 1 }] })
  for (const key of ['"__proto__"', String.raw`"\u005f_proto\u005F_"`])
    expect(() => document(`[{"a/b":{${key}:{"x":1}}}]`)).toThrow(
      expect.objectContaining({
        ...{ code: 'a.code', pointer: '/0/a~1b/__proto__' },
        message: 'the file must have no key named __proto__, got one at /0/a~1b/__proto__',
      }),
    )
  expect(() => document('{')).toThrow('the file must be JSON, got: ')
})
