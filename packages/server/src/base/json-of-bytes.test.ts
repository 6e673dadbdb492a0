import { expect, test } from 'vitest'
import { jsonOfBytes } from './json-of-bytes.ts'

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
