import { expect, test } from 'vitest'
import { directKernels } from '../../pool/direct-kernels.ts'
import { seededRandom } from '../../random/random.ts'

const [rows, columns, trees, leavesOfTree, valueBytes] = [61, 5, 7, 9, 128]

/** The three kernels one after the other over random trees, and what they left. */
function throughTrees(engine: 'wasm' | 'typescript', outputs: number): Uint8Array[] {
  const random = seededRandom(outputs)
  const { arena, kernel } = directKernels({ engine })
  const tile = arena.float64(64 * columns)
  const draw = (column: number): number => (column === 4 ? random.integer(12) : random.normal())
  tile.view.set(Float64Array.from(tile.view, (_, at) => (random.integer(10) === 0 ? NaN : draw(at % columns))))
  tile.view.set([Infinity, -Infinity, -0, 0, Infinity])
  // The last column is of categories 0, 2, 4 …; the first has 254 thresholds, the second one.
  const marks = [254, 1, 9, 100, 5].map((count, column) =>
    Float64Array.from({ length: count }, (_, at) => (column === 4 ? 2 * at : random.normal())).sort(),
  )
  const asked = arena.int32(3 * columns)
  const tables = arena.float64(256 * columns)
  tables.view.fill(NaN)
  marks.forEach((own, column) => {
    asked.view.set([column, 8 * 2 ** Math.floor(Math.log2(own.length)), Number(column === 4)], 3 * column)
    tables.view.set(own, 256 * column)
  })
  const nodes = arena.uint8(trees * leavesOfTree * 48)
  const ends = arena.int32(trees)
  let at = 0
  for (let tree = 0; tree < trees; tree += 1) {
    // Two parts that are there become one, until one is left; a tree of a leaf alone has no nodes.
    const parts = Array.from({ length: tree === 3 ? 1 : leavesOfTree }, (_, leaf) => 64 * leaf)
    for (let slot = 256; parts.length > 1; slot += 1) {
      const [left] = parts.splice(random.integer(parts.length), 1)
      const [right] = parts.splice(random.integer(parts.length), 1)
      const column = random.integer(columns)
      const [shift, hasSet] = [random.integer(2), column === 4]
      new Int32Array(nodes.view.buffer, nodes.at + at, 4).set([
        128 * column + (hasSet ? 0 : 64 * shift),
        0,
        left!,
        right!,
      ])
      nodes.view.set([random.integer(marks[column]!.length) + shift - 128, Number(hasSet)], at + 4)
      at += 16
      for (let byte = 0; hasSet && byte < 32; byte += 1) nodes.view[at++] = random.integer(256)
      parts.push(64 * slot)
    }
    ends.view[tree] = at
  }
  const values = arena.float64((trees * valueBytes) / 8)
  values.view.set(values.view.map(() => random.normal()))
  const slots = arena.uint8(64 * (256 + leavesOfTree))
  for (let leaf = 0; leaf < 256; leaf += 1) slots.view.fill(leaf, 64 * leaf, 64 * leaf + 64)
  const codes = arena.uint8(128 * columns)
  const leaves = arena.uint8(64 * trees)
  const margins = arena.float64(64 * outputs)
  margins.view.fill(0.5)
  kernel('codeRows')(tile.at, rows, columns, asked.at, columns, tables.at, codes.at)
  kernel('leavesOfRows')(nodes.at, ends.at, trees, codes.at, slots.at, leaves.at)
  kernel('addLeafValues')(leaves.at, trees, outputs, values.at, valueBytes, margins.at)
  return [codes.view.slice(), leaves.view.slice(), new Uint8Array(margins.view.slice().buffer)]
}

test.each([1, 3])('the kernels of row blocks and their twins agree bit for bit, %i outputs', (outputs) => {
  const [codes, leaves, margins] = throughTrees('wasm', outputs)
  expect(throughTrees('typescript', outputs)).toEqual([codes, leaves, margins])
  // All leaves of a large tree are reached, the tree of a leaf alone has one.
  expect(new Set(leaves!.subarray(0, 64)).size).toBeGreaterThan(4)
  expect(new Set(leaves!.subarray(3 * 64, 4 * 64))).toEqual(new Set([0]))
  // Missing values and unknown categories have the code 255, less 128.
  expect(codes!.includes(127)).toBe(true)
  expect(codes![0]).toBe(254 - 128)
})
