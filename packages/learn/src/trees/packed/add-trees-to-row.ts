import { type DirectKernels, directKernels, type Matrix } from '@rapport/numerics'
import type { TreeNodes } from '../boosting-model.ts'

/** Bytes of trees that are kept where the kernel reads them; with more, all are forgotten and copied anew. */
const bytesMax = 2 ** 24

/** Trees as `addTreesToRow` reads them, by their byte offsets in `image`. */
interface RowTrees {
  readonly image: Uint8Array
  readonly trees: number
  readonly rootsAt: number
  readonly depthsAt: number
  readonly placesAt: number
  readonly valuesAt: number
  /**
   * The row, three numbers a column: the value twice, or −∞ and ∞ where it is missing, for nodes that send missing values
   * to the left and to the right; 1 where it is missing, for nodes that ask only that. Then what each tree says, and the
   * margins.
   */
  readonly rowAt: number
  readonly scratchAt: number
  readonly marginsAt: number
  /** Where the image lies, while `memory.age` is still `age`. */
  start: number
  age: number
}

interface RowMemory {
  readonly kernels: DirectKernels
  readonly firstMark: number
  age: number
  float64: Float64Array
  add: ReturnType<DirectKernels['kernel']>
}

const packedTrees = new WeakMap<TreeNodes, RowTrees | 'unfit'>()
let memory: RowMemory | undefined

/**
 * Adds what every tree says about the one row of `data`.
 *
 * @param margins `[outputs]`; the trees take turns with them
 * @returns false, and nothing done, where trees ask for categories or are too large to keep
 */
export function addTreesToRow(trees: TreeNodes, { columns, values }: Matrix, margins: Float64Array): boolean {
  let packed = packedTrees.get(trees)
  if (packed === undefined) {
    packed = packRowTrees(trees, columns, margins.length) ?? 'unfit'
    packedTrees.set(trees, packed)
  }
  if (packed === 'unfit') return false
  memory ??= openMemory()
  if (packed.age !== memory.age) moveIn(packed, memory)
  const { float64, add } = memory
  const { start } = packed
  const row = (start + packed.rowAt) / 8
  for (let column = 0; column < columns; column += 1) {
    const value = values[column]!
    const isMissing = Number.isNaN(value)
    float64[row + 3 * column] = isMissing ? -Infinity : value
    float64[row + 3 * column + 1] = isMissing ? Infinity : value
    float64[row + 3 * column + 2] = Number(isMissing)
  }
  const own = (start + packed.marginsAt) / 8
  for (let output = 0; output < margins.length; output += 1) float64[own + output] = margins[output]!
  add(
    start,
    start + packed.rootsAt,
    start + packed.depthsAt,
    start + packed.placesAt,
    start + packed.valuesAt,
    packed.trees,
    start + packed.rowAt,
    start + packed.scratchAt,
    margins.length,
    start + packed.marginsAt,
  )
  for (let output = 0; output < margins.length; output += 1) margins[output] = float64[own + output]!
  return true
}

function openMemory(): RowMemory {
  const kernels = directKernels()
  return { kernels, firstMark: kernels.arena.mark(), age: 0, ...functionsOf(kernels) }
}

const functionsOf = (kernels: DirectKernels): Pick<RowMemory, 'float64' | 'add'> => ({
  float64: new Float64Array(kernels.buffer),
  add: kernels.kernel('addTreesToRow'),
})

function moveIn(packed: RowTrees, into: RowMemory): void {
  const { arena } = into.kernels
  if (arena.mark() + packed.image.length > bytesMax) {
    arena.release(into.firstMark)
    into.age += 1
  }
  const span = arena.uint8(packed.image.length)
  span.view.set(packed.image)
  packed.start = span.at
  packed.age = into.age
  Object.assign(into, functionsOf(into.kernels))
}

function packRowTrees(trees: TreeNodes, columns: number, outputs: number): RowTrees | undefined {
  const nodes = trees.columns.length
  const count = trees.starts.length - 1
  const filled = 4 * Math.ceil(count / 4)
  const sizes = [16 * nodes, 4 * filled, filled, 4 * filled, 8 * nodes, 24 * columns, 8 * count, 8 * outputs]
  const at = [0]
  for (const size of sizes) at.push(at.at(-1)! + 16 * Math.ceil(size / 16))
  const [, rootsAt, depthsAt, placesAt, valuesAt, rowAt, scratchAt, marginsAt, bytes] = at as [
    ...[number, number, number, number, number],
    ...[number, number, number, number],
  ]
  if (bytes > bytesMax / 2 || trees.categorySets.length > 0) return undefined
  const image = new Uint8Array(bytes)
  const depths = writeNodes(
    trees,
    new Float64Array(image.buffer, 0, 2 * nodes),
    new Float64Array(image.buffer, valuesAt),
  )
  // Trees of about one depth go together, so that none waits for another.
  const order = Array.from(depths.keys()).sort((one, other) => depths[one]! - depths[other]! || one - other)
  while (order.length < filled) order.push(order.at(-1)!)
  new Int32Array(image.buffer, rootsAt, filled).set(order.map((tree) => 16 * trees.starts[tree]!))
  new Int32Array(image.buffer, placesAt, filled).set(order.map((tree) => 8 * tree))
  const deepest = order.filter((_, place) => place % 4 === 3)
  new Int32Array(image.buffer, depthsAt, filled / 4).set(deepest.map((tree) => depths[tree]!))
  return { image, trees: count, rootsAt, depthsAt, placesAt, valuesAt, rowAt, scratchAt, marginsAt, start: 0, age: -1 }
}

/**
 * Four words a node, and its value elsewhere.
 *
 * @returns `[trees]` steps from the root to the farthest leaf
 */
function writeNodes(trees: TreeNodes, float64: Float64Array, values: Float64Array): Int32Array {
  const { starts, columns, thresholds, lefts, rights, missingLeft } = trees
  const int32 = new Int32Array(float64.buffer, float64.byteOffset, 2 * float64.length)
  const places = new Int32Array(columns.length)
  const depths = new Int32Array(columns.length)
  return Int32Array.from({ length: starts.length - 1 }, (_, tree) => {
    const [first, end] = [starts[tree]!, starts[tree + 1]!]
    places[first] = first
    let free = first + 1
    let deepest = 0
    // A child comes after its parent, which has given it its place by then.
    for (let node = first; node < end; node += 1) {
      const place = places[node]!
      deepest = Math.max(deepest, depths[node]!)
      values[place] = trees.values[node]!
      const [left, right] = [lefts[node]!, rights[node]!]
      const isLeaf = left < 0
      // Where all values go left and missing ones right, an infinite value must not be taken for a missing one.
      const asksGaps = thresholds[node] === Infinity && missingLeft[node] === 0
      float64[2 * place] = asksGaps ? 0 : isLeaf ? Infinity : thresholds[node]!
      int32[4 * place + 2] = 16 * (isLeaf ? place : free)
      int32[4 * place + 3] = isLeaf ? 0 : 24 * columns[node]! + 8 * (asksGaps ? 2 : 1 - missingLeft[node]!)
      if (isLeaf) continue
      places[left] = free
      places[right] = free + 1
      free += 2
      depths[left] = depths[node]! + 1
      depths[right] = depths[node]! + 1
    }
    return deepest
  })
}
