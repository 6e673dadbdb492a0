import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { seededRandom } from '../random/random.ts'
import type { Work } from '../work/work.ts'
import { type KernelOptions, withKernels } from './with-kernels.ts'

const n = 64

/** Squared distances of `count` random vectors to the first one. */
const distances = (options: KernelOptions, count: number, work?: Work): Promise<Float64Array> =>
  withKernels(options, work, async ({ arena, run }) => {
    const vectors = arena.float64(count * n)
    const random = seededRandom(5)
    vectors.view.set(Float64Array.from({ length: count * n }, () => random.normal()))
    const tasks = Array.from({ length: count }, (_, at) => [vectors.at, vectors.at + at * n * 8, n])
    return run('squaredDistance', tasks)
  })

test('any number of workers, the calling thread and the twins give the same bytes', async () => {
  const reference = await distances({ workers: 1 }, 300)
  expect(reference[0]).toBe(0)
  expect(reference[1]).toBeGreaterThan(1)
  for (const options of [{ workers: 2 }, { workers: 3 }, { workers: 0 }, {}, { engine: 'typescript' }] as const) {
    expect(await distances(options, 300)).toEqual(reference)
  }
})

test('computations at the same time do not meet', async () => {
  const alone = await distances({ workers: 2 }, 100)
  for (const together of await Promise.all([1, 2, 3, 2].map((workers) => distances({ workers }, 100)))) {
    expect(together).toEqual(alone)
  }
})

test.each([0, 2])('an abort stops the work with %i workers', async (workers) => {
  const controller = new AbortController()
  const running = distances({ workers }, 50_000, { signal: controller.signal })
  setTimeout(() => controller.abort(new Error('enough')), 0)
  await expect(running).rejects.toMatchObject({ code: 'work.aborted', cause: new Error('enough') })
})

test.each([0, 2])(
  'a kernel that reads outside its memory is an error with %i workers, and the next one works',
  async (workers) => {
    const outside = withKernels({ workers }, undefined, ({ run }) =>
      run('squaredDistance', [
        [2 ** 31, 65536, 2],
        [2 ** 31, 65536, 2],
      ]),
    )
    await expect(outside).rejects.toMatchObject({ code: 'kernels.trap' })
    expect(await distances({ workers }, 10)).toHaveLength(10)
  },
)

test('memory is bounded, and says so', async () => {
  const greedy = withKernels({ bytesMax: 2 ** 20 }, undefined, async ({ arena }) => arena.float64(2 ** 18))
  await expect(greedy).rejects.toThrow('a computation must fit into 1 MiB, it asked for 3 MiB')
})

test('a number of workers that cannot be is refused', async () => {
  await expect(distances({ workers: -1 }, 2)).rejects.toThrow('workers must be a whole number from 0 to 64, got -1')
})

test('idle workers do not keep a process alive, and busy ones do', () => {
  const index = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  const script = `import { withKernels } from ${JSON.stringify(index)}
    const sums = await withKernels({ workers: 2 }, undefined, ({ arena, run }) => {
      const a = arena.float64(2000)
      return run('squaredDistance', Array.from({ length: 2000 }, () => [a.at, a.at, 2000]))
    })
    console.log(sums.length)`
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 })
  expect(String(output).trim()).toBe('2000')
})

test('memory that served one computation is zero for the next', async () => {
  const firstValue = (write: number): Promise<number> =>
    withKernels({ workers: 2 }, undefined, async ({ arena }) => {
      const span = arena.float64(1000)
      const found = span.view[999]!
      span.view.fill(write)
      return found
    })
  expect([await firstValue(7), await firstValue(8), await firstValue(9)]).toEqual([0, 0, 0])
})
