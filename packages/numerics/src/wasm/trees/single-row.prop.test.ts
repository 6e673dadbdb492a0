import { expect, test } from 'vitest'
import { directKernels } from '../../pool/direct-kernels.ts'
import { seededRandom } from '../../random/random.ts'

const [trees, columns, steps] = [6, 4, 3]
const nodesOfTree = 2 ** (steps + 1) - 1

/** Random trees of one depth, the last ones behind them once more, and one row. */
function margins(engine: 'wasm' | 'typescript', outputs: number): Float64Array {
  const random = seededRandom(outputs)
  const { arena, kernel } = directKernels({ engine })
  const nodes = arena.float64(2 * nodesOfTree * trees)
  const int32 = new Int32Array(nodes.view.buffer, nodes.at)
  for (let node = 0; node < nodesOfTree * trees; node += 1) {
    const [root, own] = [node - (node % nodesOfTree), node % nodesOfTree]
    const isLeaf = 2 * own + 1 >= nodesOfTree
    nodes.view[2 * node] = isLeaf ? Infinity : random.normal()
    int32[4 * node + 2] = 16 * (isLeaf ? node : root + 2 * own + 1)
    int32[4 * node + 3] = isLeaf ? 0 : 8 * random.integer(2 * columns)
  }
  const order = [2, 0, 1, 5, 3, 4, 4, 4]
  const roots = arena.int32(8)
  roots.view.set(order.map((tree) => 16 * nodesOfTree * tree))
  const places = arena.int32(8)
  places.view.set(order.map((tree) => 8 * tree))
  const depths = arena.int32(2)
  depths.view.fill(steps)
  const values = arena.float64(nodesOfTree * trees)
  values.view.set(values.view.map(() => random.normal()))
  const row = arena.float64(2 * columns)
  row.view.set([-Infinity, Infinity, 0.1, 0.1, -2, -2, Infinity, Infinity])
  const scratch = arena.float64(trees)
  const out = arena.float64(outputs)
  out.view.fill(0.5)
  const pointers = [nodes, roots, depths, places, values].map(({ at }) => at)
  kernel('addTreesToRow')(...pointers, trees, row.at, scratch.at, outputs, out.at)
  return Float64Array.of(...scratch.view, ...out.view)
}

test.each([1, 3])('the kernel of one row and its twin agree bit for bit, %i outputs', (outputs) => {
  const [said, added] = [margins('wasm', outputs).slice(0, trees), margins('wasm', outputs).slice(trees)]
  expect(margins('typescript', outputs)).toEqual(Float64Array.of(...said, ...added))
  expect(new Set(said).size).toBe(trees)
  added.forEach((margin, output) => {
    let sum = 0.5
    for (let tree = output; tree < trees; tree += outputs) sum += said[tree]!
    expect(margin).toBe(sum)
  })
})
