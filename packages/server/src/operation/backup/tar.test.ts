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

test.each(['-0000001000', 'nonsense', '', '00000000x1', '+0000000001'])('a header with the size %j is none', (size) => {
  const block = headerOf({ name: 'a', bytes: 5, modifiedAt: 0 })
  block.fill(0, 124, 136).write(size, 124)
  expect(entryOf(summed(block))).toBeNull()
})

test('a header with a size above what can be counted is none', () => {
  const block = headerOf({ name: 'a', bytes: 8 ** 11, modifiedAt: 0 })
  block.writeBigUInt64BE(2n ** 63n, 128)
  expect(entryOf(summed(block))).toBeNull()
})

/** With the checksum that goes with what is in it. */
function summed(block: Buffer): Buffer {
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

test('a name that does not fit is refused', () => {
  expect(() => headerOf({ name: 'ä'.repeat(51), bytes: 0, modifiedAt: 0 })).toThrow('at most 100 bytes')
})
