import { expect, test } from 'vitest'
import { directKernels } from './direct-kernels.ts'

test.each(['wasm', 'typescript'] as const)(
  'a kernel is called like a function, also after memory has grown (%s)',
  (engine) => {
    const { arena, kernel } = directKernels({ engine })
    const a = arena.float64(2)
    a.view.set([3, 4])
    const far = arena.float64(2 ** 19)
    far.view.set([1, 1], far.length - 2)
    expect(kernel('squaredDistance')(a.at, far.at + 8 * (far.length - 2), 2)).toBe(13)
  },
)

test('its memory is bounded, and says so', () => {
  const { arena } = directKernels({ bytesMax: 2 ** 20 })
  expect(() => arena.float64(2 ** 18)).toThrow('a computation must fit into 1 MiB, it asked for 3 MiB')
})
