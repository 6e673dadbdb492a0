import { borrowKernels, type DirectKernels, type Matrix } from '@rapport/numerics'
import type { ColumnBins, TreeNodes } from '../boosting-model.ts'
import { blockRows, type PackedTrees, packTrees } from './packed-trees.ts'

/** With fewer rows or trees, coding the values costs more than it saves. */
const rowsMin = 16
const treesMin = 8

const packedTrees = new WeakMap<TreeNodes, PackedTrees | 'too large'>()

/**
 * Adds what each of `trees` says about each row, block after block of rows: values become codes of a byte, and every node
 * is asked for 16 rows at a time.
 *
 * @param margins `[outputs × n]`; the trees take turns with the outputs
 * @returns false, and nothing done, where that is not worth it or a byte is too small
 */
export function addTreesToBlocks(bins: ColumnBins, trees: TreeNodes, data: Matrix, margins: Float64Array): boolean {
  if (data.rows < rowsMin || trees.starts.length - 1 < treesMin) return false
  const packed = packedOf(bins, trees)
  if (!packed) return false
  borrowKernels((kernels) => addBlocks(kernels, packed, data, margins))
  return true
}

/** Trees packed once; a model is never changed. */
function packedOf(bins: ColumnBins, trees: TreeNodes): PackedTrees | undefined {
  const known = packedTrees.get(trees)
  if (known === 'too large' || known?.bins === bins) return known === 'too large' ? undefined : known
  const packed = packTrees(trees, bins)
  packedTrees.set(trees, packed ?? 'too large')
  return packed
}

function addBlocks({ arena, kernel }: DirectKernels, packed: PackedTrees, data: Matrix, margins: Float64Array): void {
  const { image, trees, askedColumns, valueBytes, nodesMax } = packed
  const { rows, columns, values } = data
  const outputs = margins.length / rows
  const block = arena.uint8(image.length + nodesMax * blockRows)
  const codes = arena.uint8(2 * blockRows * askedColumns)
  const leaves = arena.uint8(blockRows * trees)
  const tile = arena.float64(blockRows * columns)
  const own = arena.float64(blockRows * outputs)
  block.view.set(image)
  const [tileView, ownView] = [tile.view, own.view]
  const [code, find, add] = [kernel('codeRows'), kernel('leavesOfRows'), kernel('addLeafValues')]
  const at = (offset: number): number => block.at + offset
  for (let from = 0; from < rows; from += blockRows) {
    const count = Math.min(blockRows, rows - from)
    tileView.set(values.subarray(from * columns, (from + count) * columns))
    code(tile.at, count, columns, at(packed.askedAt), askedColumns, at(packed.tablesAt), codes.at)
    find(at(packed.nodesAt), at(packed.endsAt), trees, codes.at, at(packed.slotsAt), leaves.at)
    for (let output = 0; output < outputs; output += 1) {
      ownView.set(margins.subarray(output * rows + from, output * rows + from + count), output * blockRows)
    }
    add(leaves.at, trees, outputs, at(packed.valuesAt), valueBytes, own.at)
    for (let output = 0; output < outputs; output += 1) {
      margins.set(ownView.subarray(output * blockRows, output * blockRows + count), output * rows + from)
    }
  }
}
