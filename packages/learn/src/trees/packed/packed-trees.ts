import type { ColumnBins, TreeNodes } from '../boosting-model.ts'

/** Rows that go through the trees together. */
export const blockRows = 64
/** A leaf's number and a value's code fit into a byte; the code 255 stands for a missing value. */
const leavesMax = 256
const thresholdsMax = 254
const bytesMax = 2 ** 26

/** Trees as the kernels of row blocks read them: pieces of `image` by their byte offsets, each 16-byte aligned. */
export interface PackedTrees {
  readonly bins: ColumnBins
  readonly image: Uint8Array
  readonly trees: number
  readonly askedColumns: number
  /** Bytes of leaf values a tree. */
  readonly valueBytes: number
  /** Nodes of the largest tree that are no leaves. */
  readonly nodesMax: number
  readonly askedAt: number
  readonly tablesAt: number
  readonly nodesAt: number
  readonly endsAt: number
  readonly valuesAt: number
  /** The leaves' names come last: what nodes work out follows them. */
  readonly slotsAt: number
}

/** A column that some node asks: the rising numbers that its values are coded by. */
interface AskedColumn {
  readonly column: number
  readonly isCategorical: boolean
  readonly marks: Float64Array
}

/** @returns `undefined` where a tree has more leaves, or a column more thresholds, than a byte can tell apart */
export function packTrees(trees: TreeNodes, bins: ColumnBins): PackedTrees | undefined {
  const count = trees.starts.length - 1
  const leaves = Array.from({ length: count }, (_, tree) => (trees.starts[tree + 1]! - trees.starts[tree]! + 1) / 2)
  const leavesMost = leaves.reduce((most, own) => Math.max(most, own), 1)
  const asked = askedColumns(trees, bins)
  if (leavesMost > leavesMax || asked.some(hasTooMany)) {
    return undefined
  }
  const nodes = leaves.reduce((sum, own) => sum + own - 1, 0)
  const sets = trees.sets.reduce((sum, set) => sum + Number(set >= 0), 0)
  const valueBytes = 8 * leavesMost
  const sizes = [12 * asked.length, 2048 * asked.length, 16 * nodes + 32 * sets, 4 * count, valueBytes * count]
  const at = [0]
  for (const size of sizes) at.push(at.at(-1)! + 16 * Math.ceil(size / 16))
  const [askedAt, tablesAt, nodesAt, endsAt, valuesAt, slotsAt] = at as [number, number, number, number, number, number]
  const bytes = slotsAt + leavesMax * blockRows
  if (bytes > bytesMax) return undefined
  const image = new Uint8Array(bytes)
  const places = { askedAt, tablesAt, nodesAt, endsAt, valuesAt, slotsAt }
  const packed = {
    bins,
    image,
    trees: count,
    askedColumns: asked.length,
    valueBytes,
    nodesMax: leavesMost - 1,
    ...places,
  }
  writeColumns(packed, asked)
  writeNodes(packed, trees, asked)
  for (let leaf = 0; leaf < leavesMax; leaf += 1) {
    image.fill(leaf, slotsAt + leaf * blockRows, slotsAt + (leaf + 1) * blockRows)
  }
  return packed
}

// Where missing values go right and all others left the threshold is infinite, and no value has a code above it.
const hasTooMany = ({ marks, isCategorical }: AskedColumn): boolean =>
  !isCategorical && marks.length - Number(marks.at(-1) === Infinity) > thresholdsMax

function askedColumns({ columns, thresholds }: TreeNodes, { isCategorical, starts, edges }: ColumnBins): AskedColumn[] {
  const seen = new Map<number, Set<number>>()
  columns.forEach((column, node) => {
    if (column < 0) return
    const own = seen.get(column) ?? new Set()
    seen.set(column, own.add(thresholds[node]!))
  })
  return Array.from(seen, ([column, own]) =>
    isCategorical[column] === 1
      ? { column, isCategorical: true, marks: edges.slice(starts[column]!, starts[column + 1]!) }
      : { column, isCategorical: false, marks: Float64Array.from(own).sort() },
  )
}

function writeColumns({ image, askedAt, tablesAt }: PackedTrees, asked: readonly AskedColumn[]): void {
  asked.forEach(({ column, isCategorical, marks }, place) => {
    let firstStep = 1
    while (2 * firstStep - 1 < marks.length) firstStep *= 2
    new Int32Array(image.buffer, askedAt + 12 * place, 3).set([column, 8 * firstStep, Number(isCategorical)])
    // Nothing is equal to NaN, and it is below nothing.
    const table = new Float64Array(image.buffer, tablesAt + 2048 * place, 256).fill(NaN)
    table.set(marks)
  })
}

function writeNodes(packed: PackedTrees, trees: TreeNodes, asked: readonly AskedColumn[]): void {
  const { image, nodesAt, endsAt, valuesAt, valueBytes } = packed
  const int32 = new Int32Array(image.buffer)
  const float64 = new Float64Array(image.buffer)
  const codes = asked.map(({ marks }) => new Map(Array.from(marks, (mark, code) => [mark, code])))
  const placeOf = new Map(asked.map(({ column }, place) => [column, place]))
  const slots = new Int32Array(trees.columns.length)
  let at = nodesAt
  for (let tree = 0; tree < packed.trees; tree += 1) {
    let leaf = 0
    let slot = leavesMax
    // A child comes after its parent, so backwards it is there before.
    for (let node = trees.starts[tree + 1]! - 1; node >= trees.starts[tree]!; node -= 1) {
      if (trees.lefts[node]! < 0) {
        float64[(valuesAt + tree * valueBytes) / 8 + leaf] = trees.values[node]!
        slots[node] = blockRows * leaf++
        continue
      }
      const place = placeOf.get(trees.columns[node]!)!
      const hasSet = trees.sets[node]! >= 0
      const missingLeft = trees.missingLeft[node] === 1
      // Where missing values go left, codes with 1 added are asked: there they are below all others.
      const shift = !hasSet && missingLeft ? 1 : 0
      int32[at / 4] = 2 * blockRows * place + blockRows * shift
      image[at + 4] = hasSet ? 0 : codes[place]!.get(trees.thresholds[node]!)! + shift - 128
      image[at + 5] = Number(hasSet)
      int32[at / 4 + 2] = slots[trees.lefts[node]!]!
      int32[at / 4 + 3] = slots[trees.rights[node]!]!
      at += 16
      if (hasSet) {
        const set = trees.categorySets.subarray(8 * trees.sets[node]!, 8 * trees.sets[node]! + 8)
        new Uint32Array(image.buffer, at, 8).set(set)
        if (missingLeft) image[at + 31]! |= 128
        else image[at + 31]! &= 127
        at += 32
      }
      slots[node] = blockRows * slot++
    }
    int32[endsAt / 4 + tree] = at - nodesAt
  }
}
