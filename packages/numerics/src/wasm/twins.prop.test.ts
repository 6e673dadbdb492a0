import { expect, test } from 'vitest'
import { seededRandom } from '../random/random.ts'
import { privateMemoryKernels } from './binaries.ts'
import { TwinMemory } from './twin.ts'
import { twins } from './twins.ts'
import { type KernelFunction, moduleBytes, webAssembly } from './web-assembly.ts'

const memory = new webAssembly!.Memory({ initial: 64, maximum: 64 })
const module = new webAssembly!.Module(moduleBytes(privateMemoryKernels))
const kernels = new webAssembly!.Instance(module, { env: { memory } }).exports as Record<string, KernelFunction>

test('every kernel has a twin and every twin a kernel', () => {
  const exported = Object.keys(kernels).filter((name) => typeof kernels[name] === 'function')
  expect(exported.sort()).toEqual(Object.keys(twins).sort())
})

test('the distance kernel and its twin agree bit for bit', () => {
  const random = seededRandom(3)
  const twinMemory = new TwinMemory(memory.buffer)
  for (let n = 0; n <= 64; n += 2) {
    for (let at = 0; at < 2 * n; at += 1) twinMemory.float64[8192 + at] = random.normal() * 10 ** random.integer(9)
    const distance = kernels['squaredDistance']!(65536, 65536 + 8 * n, n)
    expect(twins.squaredDistance(twinMemory, 65536, 65536 + 8 * n, n)).toBe(distance)
  }
})
