import { expect, test } from 'vitest'
import { withKernels } from '../pool/with-kernels.ts'
import { seededRandom } from '../random/random.ts'

/** All three kernels over 40 rows and 30 columns, sparse or dense, and what they left, as bytes. */
function products(engine: 'wasm' | 'typescript', stride: number, isSparse: boolean): Promise<Float64Array[]> {
  return withKernels({ engine, workers: 0 }, undefined, async ({ arena, run }) => {
    const random = seededRandom(stride)
    const normals = (length: number, draw = () => random.normal()) => {
      const span = arena.float64(length)
      const { view } = span
      for (let at = 0; at < length; at += 1) view[at] = draw()
      return span
    }
    const starts = arena.int32(41)
    // Row 5 is empty; the others have 1 … 9 entries, so that whole groups of four and rests both occur.
    for (let row = 0; row < 40; row += 1) {
      starts.view[row + 1] = starts.view[row]! + (row === 5 ? 0 : 1 + (row % 9))
    }
    const columns = arena.int32(starts.view[40]!)
    for (let at = 0; at < columns.length; at += 1) columns.view[at] = random.integer(30)
    const values = normals(40 * 30)
    const entries = isSparse ? [starts.at, 0, columns.at, values.at] : [0, 30, 0, values.at]
    const block = normals(30 * stride)
    const product = arena.float64(40 * stride)
    const gram = arena.float64(stride * stride)
    await run('rowsTimesBlock', [[...entries, 1, 39, block.at, stride, product.at]])
    await run('crossProducts', [[block.at, stride, 2, 30, gram.at]])
    const factors = normals(40 * stride, () => Math.max(0, random.normal()))
    const scratch = arena.float64(stride)
    const left = await run('improveParts', [[...entries, 1, 39, block.at, stride, gram.at, factors.at, scratch.at]])
    return [left, ...[product, gram, factors].map(({ view }) => view.slice())]
  })
}

test.each([
  [4, true],
  [12, true],
  [32, false],
])(
  'the kernels of narrow blocks and their twins agree bit for bit (%i columns, sparse %s)',
  async (stride, isSparse) => {
    const kernel = await products('wasm', stride, isSparse)
    expect(await products('typescript', stride, isSparse)).toEqual(kernel)
    expect(kernel[0]![0]).toBeGreaterThan(0)
    expect(kernel.every((values) => values.every(Number.isFinite))).toBe(true)
  },
)
