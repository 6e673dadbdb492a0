import { expect, test } from 'vitest'
import { withKernels } from '../pool/with-kernels.ts'
import { seededRandom } from '../random/random.ts'

// Every kernel of the tree learner, one after the other on the same memory, in WebAssembly and as TypeScript twins:
// bins, gradients, histograms of a root, a partition, histograms of a child and its sibling, thresholds, leaf values.
const shapes = [1, 2, 3, 4, 5, 6, 7, 8, 10, 17].map((columns) => [columns, Math.min(8, Math.ceil(columns / 2))])

test.each(shapes)(
  'tree kernels and their twins agree bit for bit: %i columns in groups of %i',
  async (columns, width) => {
    const wasm = await runKernels('wasm', columns!, width!)
    const twin = await runKernels('typescript', columns!, width!)
    expect(twin).toEqual(wasm)
    expect(wasm.sums.some((sum) => sum !== 0)).toBe(true)
    expect(wasm.found.some((gain) => gain > 0)).toBe(true)
  },
)

test('a histogram holds each row once in every column, and a sibling what is left of the parent', async () => {
  const { counts, parentCounts, left, rows } = await runKernels('wasm', 5, 3)
  const totalOf = (list: Int32Array, column: number): number =>
    list.subarray(256 * column, 256 * column + 256).reduce((sum, count) => sum + count, 0)
  for (let column = 0; column < 5; column += 1) {
    expect(totalOf(counts, column)).toBe(left)
    expect(totalOf(parentCounts, column)).toBe(rows - left)
  }
})

test('gradient and hessian are those of the logistic loss, to single precision, in the tails too', async () => {
  const margins = [-800, -60, -37, -12, -1, -1e-9, 0, 0.3, 5, 36, 60, 800]
  const pairs = await withKernels({ workers: 0 }, undefined, async ({ arena, run }) => {
    const n = margins.length
    const [margin, label, pair] = [arena.float64(n), arena.float64(n), arena.float32(2 * n)]
    margin.view.set(margins)
    await run('gradientPairs', [[margin.at, label.at, 0, pair.at, 0, n]])
    return pair.view.slice()
  })
  margins.forEach((margin, row) => {
    const odds = Math.exp(-Math.abs(margin))
    const gradient = margin > 0 ? 1 / (1 + odds) : odds / (1 + odds)
    expect(Math.abs(pairs[2 * row]! - gradient)).toBeLessThanOrEqual(1.2e-7 * gradient + 1e-45)
    const hessian = odds / (1 + odds) ** 2
    expect(Math.abs(pairs[2 * row + 1]! - hessian)).toBeLessThanOrEqual(1.2e-7 * hessian + 1e-45)
  })
})

async function runKernels(engine: 'wasm' | 'typescript', columns: number, width: number) {
  const rows = 701
  const groups = Math.ceil(columns / width)
  const random = seededRandom(columns)
  return withKernels({ workers: 0, engine }, undefined, async ({ arena, run }) => {
    const tile = arena.float64(rows * columns)
    const thresholds = arena.float64(256 * columns)
    const present = arena.int32(columns)
    const used = arena.int32(columns)
    const kinds = arena.uint8(columns)
    const bins = arena.uint8(rows * columns)
    const [margins, labels, weights] = [arena.float64(rows), arena.float64(rows), arena.float64(rows)]
    const pairs = arena.float32(2 * rows)
    const [members, right] = [arena.int32(rows), arena.int32(rows)]
    const goesLeft = arena.uint8(256)
    const [sums, parentSums] = [arena.float64(512 * columns), arena.float64(512 * columns)]
    const [counts, parentCounts] = [arena.int32(256 * columns), arena.int32(256 * columns)]
    const found = arena.float64(6 * columns)

    tile.view.forEach((_, at) => {
      tile.view[at] = random.uniform() < 0.1 ? NaN : random.normal()
    })
    thresholds.view.fill(Infinity)
    for (let column = 0; column < columns; column += 1) {
      const edges = column % 2 === 0 ? 255 : 9
      for (let edge = 0; edge < edges; edge += 1) thresholds.view[256 * column + edge] = -3 + (6 * edge) / edges
      present.view[column] = column % 2 === 0 ? 255 : 10
    }
    used.view.set(present.view.map((count) => count + 1))
    kinds.view.set(present.view.map((_, column) => column % 2))
    margins.view.set(margins.view.map(() => 3 * random.normal()))
    labels.view.set(labels.view.map(() => random.integer(2)))
    weights.view.set(weights.view.map(() => random.exponential(1)))
    members.view.set(members.view.map((_, row) => row))
    goesLeft.view.set(goesLeft.view.map(() => random.integer(2)))

    const shape = [rows, columns, width, 0, groups]
    await run('binValues', [[tile.at, rows, 0, ...shape, thresholds.at, present.at, bins.at]])
    await run('gradientPairs', [[margins.at, labels.at, weights.at, pairs.at, 0, rows]])
    const root = [bins.at, ...shape, 0, 0, rows, pairs.at, used.at, parentSums.at, parentCounts.at, 0, 0]
    await run('buildHistograms', [root])
    const [left] = await run('partitionRows', [
      [bins.at, Math.min(columns, width), members.at, 0, rows, goesLeft.at, right.at],
    ])
    const child = [members.at, 0, left!, pairs.at, used.at, sums.at, counts.at, parentSums.at, parentCounts.at]
    await run('buildHistograms', [[bins.at, ...shape, ...child]])
    const node = [left!, 3, 60, 0.1, 5, 0.5]
    await run('searchThresholds', [[0, columns, sums.at, counts.at, present.at, kinds.at, ...node, found.at]])
    await run('addToRows', [[margins.at, members.at, 0, left!, 0.25]])
    return {
      rows,
      left: left!,
      bins: bins.view.slice(),
      pairs: pairs.view.slice(),
      margins: margins.view.slice(),
      members: members.view.slice(0, left!),
      right: right.view.slice(0, rows - left!),
      sums: sums.view.slice(),
      counts: counts.view.slice(),
      parentSums: parentSums.view.slice(),
      parentCounts: parentCounts.view.slice(),
      found: found.view.slice(),
    }
  })
}
