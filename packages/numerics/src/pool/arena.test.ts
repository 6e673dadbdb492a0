import { expect, test } from 'vitest'
import { Arena } from './arena.ts'
import { plainMemory, wasmMemory } from './kernel-memory.ts'

test.each([
  ['plain', plainMemory],
  ['private', () => wasmMemory(false)],
  ['shared', () => wasmMemory(true)],
])('%s memory: allocations are aligned, zero, apart, and survive growth', (_name, make) => {
  const arena = new Arena(make(), 2 ** 28)
  const bytes = arena.uint8(3)
  const first = arena.float64(5)
  first.view.fill(7)
  const large = arena.float64(1_000_000)
  for (const span of [bytes, first, large]) expect(span.at % 16).toBe(0)
  expect(first.at).toBeGreaterThanOrEqual(bytes.at + 3)
  expect([...first.view]).toEqual([7, 7, 7, 7, 7])
  expect(large.view.every((value) => value === 0)).toBe(true)
})

test('what was released is given out again, zeroed', () => {
  const arena = new Arena(plainMemory(), 2 ** 28)
  const mark = arena.mark()
  const scratch = arena.int32(100)
  scratch.view.fill(-1)
  arena.release(mark)
  const next = arena.int32(100)
  expect(next.at).toBe(scratch.at)
  expect(next.view.every((value) => value === 0)).toBe(true)
})
