import { expect, test } from 'vitest'
import { withKernels } from '../pool/with-kernels.ts'
import { seededRandom } from '../random/random.ts'

/**
 * The nearest of 40 clusters, by slot, and the squares: 20 of them in one leaf, 12 in the other, 7 in none, one gone. Whole
 * numbers for columns and weights make many ties.
 */
function nearest(engine: 'wasm' | 'typescript', d: number): Promise<{ names: Int32Array; squares: Float64Array }> {
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const random = seededRandom(d)
    const width = d + (d % 2)
    const [gone, n] = [3, 40]
    const centroids = arena.float64(n * width)
    const weights = arena.float64(n)
    const quads = arena.float64(n * d)
    const names = arena.int32(n)
    const quadWeights = arena.float64(n)
    const [lower, upper] = [arena.float64(3 * width), arena.float64(3 * width)]
    const lightest = arena.float64(3)
    lightest.view.fill(Infinity)
    for (let slot = 0; slot < n; slot += 1) {
      weights.view[slot] = 1 + random.integer(3)
      names.view[slot] = slot
      quadWeights.view[slot] = weights.view[slot]!
      for (let column = 0; column < d; column += 1) {
        const value = random.integer(4) + (column === 0 && slot >= 20 ? 2 : 0)
        centroids.view[slot * width + column] = value
        quads.view[(slot >> 2) * 4 * d + 4 * column + (slot % 4)] = column === 0 && slot === gone ? Infinity : value
        for (const node of [0, slot < 20 ? 1 : 2]) {
          lower.view[node * width + column] = Math.min(lower.view[node * width + column]!, value)
          upper.view[node * width + column] = Math.max(upper.view[node * width + column]!, value)
          lightest.view[node] = Math.min(lightest.view[node]!, weights.view[slot]!)
        }
      }
    }
    const queries = arena.int32(n)
    queries.view.set(Array.from({ length: n }, (_, slot) => slot).filter((slot) => slot !== gone))
    const ranges = arena.int32(3)
    ranges.view.set([0, 5, 8])
    const stack = arena.float64(128)
    const found = arena.int32(n)
    const squares = arena.float64(n)
    const spans = [centroids, weights, quads, names, quadWeights, lower, upper, lightest, ranges].map(({ at }) => at)
    await run('nearestByWard', [[queries.at, 0, n - 1, d, ...spans, 1, 8, 10, stack.at, found.at, squares.at]])
    return { names: found.view.slice(), squares: squares.view.slice() }
  })
}

test.each([1, 2, 7])('the kernel of Ward and its twin agree bit for bit, ties included (%i columns)', async (d) => {
  const kernel = await nearest('wasm', d)
  expect(await nearest('typescript', d)).toEqual(kernel)
  expect(kernel.names.every((name, slot) => slot === 3 || (name !== slot && name !== 3))).toBe(true)
  expect(kernel.squares.every(Number.isFinite)).toBe(true)
})
