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

test.each([
  ['numbers, cuts sought', 1, 0, 1],
  ['numbers, cuts drawn', 1, 1, 0],
  ['three classes, cuts sought', 3, 0, 0],
  ['three classes, cuts drawn', 3, 1, 1],
])('the forest kernel and its twin grow the same tree: %s', (_, outputs, isRandom, bootstrap) => {
  const random = seededRandom(outputs + isRandom)
  const [rows, columns, record] = [700, 4, 1 + outputs]
  const start = new TwinMemory(new ArrayBuffer(memory.buffer.byteLength))
  let end = 65536
  const room = (bytes: number): number => {
    const at = end
    end += 16 * Math.ceil(bytes / 16)
    return at
  }
  // Numbers, numbers with gaps, few numbers, categories.
  const binCounts = [40, 200, 3, 9]
  const missingBins = binCounts.map((count, column) => (column === 3 ? count : count + 1))
  const shared = {
    bins: room(rows * columns),
    missingBins: room(4 * columns),
    isCategorical: room(columns),
    edges: room(8 * 252),
    edgeStarts: room(4 * 5),
    targets: room(8 * rows),
    weights: room(8 * rows),
  }
  start.int32.set(missingBins, shared.missingBins / 4)
  start.bytes[shared.isCategorical + 3] = 1
  start.int32.set([0, 40, 240, 243, 252], shared.edgeStarts / 4)
  binCounts.forEach((count, column) => {
    for (let bin = 0; bin < count; bin += 1)
      start.float64[shared.edges / 8 + [0, 40, 240, 243][column]! + bin] = bin + 0.5
  })
  for (let row = 0; row < rows; row += 1) {
    const own = binCounts.map((count, column) => random.integer(column === 3 ? count : count + 1))
    if (random.uniform() < 0.2) own[1] = missingBins[1]!
    own.forEach((bin, column) => {
      start.bytes[shared.bins + column * rows + row] = bin
    })
    const level = own[0]! / 20 + (own[3]! % 3) + random.uniform()
    start.float64[shared.targets / 8 + row] = outputs === 1 ? level : Math.min(2, Math.floor(level))
    start.float64[shared.weights / 8 + row] = random.uniform() < 0.1 ? 0 : random.exponential(1)
  }
  const settings = [outputs, 2, 2, 2 ** 31 - 1, bootstrap, isRandom]
  const scratch = [4, 16, 4, 16].map((bytes) => room(bytes * rows))
  for (const bytes of [
    4 * columns,
    16 * rows,
    8 * record,
    8 * record,
    1024,
    1024,
    2048 * record,
    1024,
    2048 * record,
    1024,
    256,
  ])
    scratch.push(room(bytes))
  const table = room(224)
  end = layout.outputs
  const draws = room(4 * rows)
  const nodes = [4, 8, 4, 1, 4, 8 * outputs, 8, 4, 32].map((bytes) => room(bytes * rows))
  start.int32.set([rows, columns, ...Object.values(shared), ...settings, draws, ...scratch, ...nodes], table / 4)
  expectSameBits('growForestTree', start.bytes, [table, 4_000_000_000])
})
