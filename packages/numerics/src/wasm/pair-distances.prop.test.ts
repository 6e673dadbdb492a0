import { expect, test } from 'vitest'
import { withKernels } from '../pool/with-kernels.ts'
import { seededRandom } from '../random/random.ts'

/** Three clusters of 150, 2 and 41 rows; the second block of the first one is asked for. */
function sums(engine: 'wasm' | 'typescript', d: number): Promise<Float64Array[]> {
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const random = seededRandom(d)
    const starts = arena.int32(4)
    starts.view.set([0, 38, 39, 50])
    const n = 50
    const quads = arena.float64(n * d * 4)
    const holes = arena.float64(n * 4)
    const { view } = quads
    for (let at = 0; at < view.length; at += 1) view[at] = random.normal()
    holes.view.fill(1)
    holes.view.set([0, 0], 150)
    holes.view.set([0, 0], 154)
    holes.view.set([0, 0, 0], 197)
    const back = arena.float64(n * 4)
    const total = arena.float64(n * 4 * 3)
    await run('pairDistances', [[quads.at, d, n, 16, 38, 0, 3, starts.at, holes.at, back.at, total.at]])
    return [back.view.slice(), total.view.slice()]
  })
}

test.each([1, 5, 16])('the kernel of pair distances and its twin agree bit for bit (%i columns)', async (d) => {
  const kernel = await sums('wasm', d)
  expect(await sums('typescript', d)).toEqual(kernel)
  // What the rows asked for have to the third cluster is what that one has to them.
  const [back, total] = kernel
  const there = total!.reduce((sum, value, at) => (at % 3 === 2 && Math.floor(at / 3) < 150 ? sum + value : sum), 0)
  expect(back!.subarray(39 * 4).reduce((sum, value) => sum + value, 0) / there).toBeCloseTo(1, 12)
})
