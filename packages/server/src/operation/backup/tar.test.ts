import { expect, test } from 'vitest'
import { entryOf, headerOf } from './tar-header.ts'

test.each([0, 1, 8 ** 11 - 1, 8 ** 11, 2 ** 50])(
  'a header of an entry of %d bytes is read as it was written',
  (bytes) => {
    const entry = { name: 'warehouse/events-1.parquet', bytes, modifiedAt: 1_700_000_000_000 }
    expect(entryOf(headerOf(entry))).toEqual(entry)
  },
)

test('a block of zeros ends it, and one with a changed byte is none', () => {
  expect(entryOf(Buffer.alloc(512))).toBeUndefined()
  const block = headerOf({ name: 'a', bytes: 5, modifiedAt: 0 })
  block[130]! ^= 1
  expect(entryOf(block)).toBeNull()
})

test('a name that does not fit is refused', () => {
  expect(() => headerOf({ name: 'ä'.repeat(51), bytes: 0, modifiedAt: 0 })).toThrow('at most 100 bytes')
})
