import { expect, test } from 'vitest'
import { seededRandom } from '../random/random.ts'
import { privateMemoryKernels } from './binaries.ts'
import { TwinMemory } from './twin.ts'
import { twins } from './twins.ts'
import { type KernelFunction, moduleBytes, webAssembly } from './web-assembly.ts'

const memory = new webAssembly!.Memory({ initial: 16, maximum: 16 })
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

/** Runs a kernel and its twin from the same memory and expects the same memory and result afterwards. */
function expectSameBits(name: keyof typeof twins, bytes: Uint8Array, values: number[]): void {
  const twinMemory = new TwinMemory(bytes.slice().buffer)
  new Uint8Array(memory.buffer).set(bytes)
  const twin: (memory: TwinMemory, ...values: number[]) => number | undefined = twins[name]
  expect(twin(twinMemory, ...values)).toBe(kernels[name]!(...values))
  const { outputs } = layout
  // Not toEqual: it would take seconds for half a megabyte.
  expect(Buffer.compare(new Uint8Array(memory.buffer, outputs), twinMemory.bytes.subarray(outputs))).toBe(0)
}

const layout = {
  rows: 65536,
  centroids: 400_000,
  motion: 420_000,
  weights: 430_000,
  scratch: 500_000,
  outputs: 600_000,
}

test.each([
  [2, 1],
  [4, 3],
  [12, 8],
  [16, 5],
])('the k-means kernels and their twins agree bit for bit, d %i, k %i', (d, k) => {
  const random = seededRandom(d)
  const [n, labels, upper, lower, changes] = [1001, 600_000, 610_000, 620_000, 640_000]
  const start = new TwinMemory(new ArrayBuffer(memory.buffer.byteLength))
  const fill = (at: number, length: number, draw: () => number): void => {
    for (let place = 0; place < length; place += 1) start.float64[at / 8 + place] = draw()
  }
  fill(layout.rows, n * d, () => random.normal())
  fill(layout.centroids, k * d, () => random.normal())
  fill(layout.motion, 3 * k, () => 0.1 * random.uniform())
  fill(layout.weights, n, () => random.exponential(1))
  fill(upper, n, () => random.uniform())
  fill(lower, n, () => 2 * random.uniform())
  for (let row = 0; row < n; row += 1) start.int32[labels / 4 + row] = random.integer(k + 1) - 1
  const { rows, centroids, motion, weights, scratch } = layout
  for (const weighted of [0, weights]) {
    const values = [rows, d, 3, n, centroids, k, motion, labels, upper, lower, weighted, scratch, changes]
    expectSameBits('assignRows', start.bytes, values)
    expectSameBits('distancesToPoint', start.bytes, [rows, d, 3, n, centroids, lower, weighted, upper])
    for (let row = 0; row < n; row += 1) start.int32[labels / 4 + row] = random.integer(k)
    expectSameBits('distancesToOwn', start.bytes, [rows, d, 3, n, centroids, labels, weighted, upper])
  }
})

test('the silhouette kernel and its twin agree bit for bit', () => {
  const random = seededRandom(9)
  const start = new TwinMemory(new ArrayBuffer(memory.buffer.byteLength))
  const [d, n] = [5, 700]
  for (let at = 0; at < n * d; at += 1) start.float64[layout.rows / 8 + at] = random.normal()
  for (let at = 0; at < n; at += 1) start.float64[layout.weights / 8 + at] = at === 299 ? 0 : 1
  start.int32.set([0, 300, 310, n], layout.centroids / 4)
  for (let at = 0; at < 40; at += 1) start.int32[layout.motion / 4 + at] = random.integer(n)
  const { rows, centroids, weights, scratch, outputs } = layout
  expectSameBits('distanceSums', start.bytes, [
    rows,
    d,
    n,
    layout.motion,
    5,
    40,
    3,
    centroids,
    weights,
    scratch,
    outputs,
  ])
})
