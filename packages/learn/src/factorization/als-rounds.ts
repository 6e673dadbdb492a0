import {
  type Arena,
  type KernelOptions,
  type Kernels,
  nextTurn,
  type Span,
  type SparseMatrix,
  stopIfAborted,
  transposeSparse,
  type Work,
  withKernels,
} from '@rapport/numerics'
import type { SideFactors } from './als-factors.ts'

/** What the rounds of ALS start from and how they go. */
export interface AlsRounds {
  /** `[users × items]`, what an interaction adds to the confidence 1 that every pair has; no stored zeros. */
  readonly confidence: SparseMatrix
  /** Where the users' factors start. */
  readonly users: SideFactors
  /** Where the items' factors start. */
  readonly items: SideFactors
  /** `[users]` and `[items]`, the penalty on a row's squared length. */
  readonly userPenalties: Float32Array
  readonly itemPenalties: Float32Array
  readonly rounds: number
  /** Conjugate gradient steps for a row in a round. */
  readonly steps: number
  /** Rounds end once one lowers the loss by less than this share of the loss of predicting 0 everywhere. */
  readonly tolerance: number
  /** Whether the loss is computed after every round and not only after the last. */
  readonly isLossTraced: boolean
  readonly kernels: KernelOptions
}

/** Where the rounds ended. */
export interface AlsOutcome {
  readonly users: SideFactors
  readonly items: SideFactors
  /** Loss after each round, or after the last one alone. */
  readonly losses: readonly number[]
  readonly rounds: number
}

/** Rows of a block of a Gram matrix, and interactions of a block of a sweep: fixed, so that workers never show. */
const gramRows = 256
const sweepEntries = 4096

/** One side in the arena: its factors, and its interactions with the other side. */
interface Side {
  readonly rows: number
  readonly factors: Span<Float32Array>
  readonly rowStarts: Span<Int32Array>
  readonly columns: Span<Int32Array>
  readonly weights: Span<Float32Array>
  readonly penalties: Span<Float32Array>
  /** First row of each block of a sweep, and the number of rows at the end. */
  readonly blocks: readonly number[]
  /** `[blocks × 3 × stride]` */
  readonly scratch: Span<Float32Array>
  /** `[gram blocks × stride × stride]` */
  readonly grams: Span<Float32Array>
  /** `[stride × stride]` */
  readonly gram: Span<Float32Array>
}

/**
 * Alternates between solving all users and all items.
 *
 * @throws RapportError `work.aborted`, `kernels.memory`
 */
export function runAlsRounds(start: AlsRounds, work?: Work): Promise<AlsOutcome> {
  return withKernels(start.kernels, work, async (kernels) => {
    const { stride } = start.users
    const users = placeSide(kernels.arena, start.confidence, start.userPenalties, stride)
    await nextTurn(work)
    const items = placeSide(kernels.arena, transposeSparse(start.confidence), start.itemPenalties, stride)
    users.factors.view.set(start.users.values)
    items.factors.view.set(start.items.values)
    const copyFactors = ({ rows, factors }: Side): SideFactors => ({ rows, stride, values: factors.view.slice() })
    await nextTurn(work)
    const fallMin = start.tolerance * emptyLoss(start.confidence)
    const losses: number[] = []
    let round = 0
    for (let isDone = false; !isDone; round += 1) {
      stopIfAborted(work)
      work?.onProgress?.({ stage: 'ALS round', done: round, total: start.rounds })
      let fall = await sweepSide(kernels, users, items, stride, start.steps)
      fall += await sweepSide(kernels, items, users, stride, start.steps)
      isDone = round + 1 === start.rounds || fall < fallMin
      if (start.isLossTraced || isDone) losses.push(await lossOf(kernels, users, items, stride))
    }
    work?.onProgress?.({ stage: 'ALS round', done: start.rounds, total: start.rounds })
    return { users: copyFactors(users), items: copyFactors(items), losses, rounds: round }
  })
}

/** The loss of predicting 0 everywhere, with vectors of length 0. */
function emptyLoss({ values }: SparseMatrix): number {
  let loss = values.length
  for (let at = 0; at < values.length; at += 1) loss += values[at]!
  return loss
}

function placeSide(arena: Arena, confidence: SparseMatrix, penalties: Float32Array, stride: number): Side {
  const { rows, rowStarts, columnIndices, values } = confidence
  const blocks = sweepBlocks(rowStarts)
  const side: Side = {
    rows,
    factors: arena.float32(rows * stride),
    rowStarts: arena.int32(rows + 1),
    columns: arena.int32(columnIndices.length),
    weights: arena.float32(values.length),
    penalties: arena.float32(rows),
    blocks,
    scratch: arena.float32((blocks.length - 1) * 3 * stride),
    grams: arena.float32(Math.ceil(rows / gramRows) * stride * stride),
    gram: arena.float32(stride * stride),
  }
  side.rowStarts.view.set(rowStarts)
  side.columns.view.set(columnIndices)
  side.weights.view.set(values)
  side.penalties.view.set(penalties)
  return side
}

/** Rows cut where about `sweepEntries` interactions are full, so that blocks take about equally long. */
function sweepBlocks(rowStarts: Int32Array): number[] {
  const rows = rowStarts.length - 1
  const blocks = [0]
  let filled = 0
  for (let row = 0; row < rows; row += 1) {
    // A row costs something even when it is empty.
    filled += rowStarts[row + 1]! - rowStarts[row]! + 16
    if (filled < sweepEntries || row + 1 === rows) continue
    blocks.push(row + 1)
    filled = 0
  }
  blocks.push(rows)
  return blocks
}

/** Solves every row of `target` while `fixed` stands still, and says by how much the loss fell. */
async function sweepSide(kernels: Kernels, target: Side, fixed: Side, stride: number, steps: number): Promise<number> {
  await gramOf(kernels, fixed, stride)
  const tasks = blocksOf(target, fixed, stride, (block) => [steps, ...block])
  return sum(await kernels.run('alsSweep', tasks))
}

/** What ALS minimises: Σ over all pairs of confidence × (preference − prediction)², plus both sides' penalties. */
async function lossOf(kernels: Kernels, users: Side, items: Side, stride: number): Promise<number> {
  await gramOf(kernels, items, stride)
  const tasks = blocksOf(users, items, stride, (block) => block)
  let loss = sum(await kernels.run('alsLoss', tasks))
  const [penalties, factors] = [items.penalties.view, items.factors.view]
  for (let item = 0, at = 0; item < items.rows; item += 1) {
    for (const end = at + stride; at < end; at += 1) loss += penalties[item]! * factors[at]! ** 2
  }
  return loss
}

/** Arguments of a kernel for each block of rows. */
const blocksOf = (
  target: Side,
  fixed: Side,
  stride: number,
  withSteps: (block: number[]) => number[],
): readonly number[][] =>
  target.blocks
    .slice(1)
    .map((to, block) => [
      target.factors.at,
      fixed.factors.at,
      fixed.gram.at,
      stride,
      target.rowStarts.at,
      target.columns.at,
      target.weights.at,
      target.penalties.at,
      ...withSteps([target.scratch.at + block * 12 * stride, target.blocks[block]!, to]),
    ])

/** In order, so that the number of workers never shows. */
function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** The side's Gram matrix YᵀY into its `gram`, both triangles: blocks in single precision, joined in double. */
async function gramOf({ run }: Kernels, side: Side, stride: number): Promise<void> {
  const size = stride * stride
  const tasks: number[][] = []
  for (let from = 0; from < side.rows; from += gramRows) {
    const to = Math.min(side.rows, from + gramRows)
    tasks.push([side.factors.at, stride, from, to, side.grams.at + tasks.length * size * 4])
  }
  await run('gramBlock', tasks)
  const grams = side.grams.view
  const total = new Float64Array(size)
  for (let from = 0; from < grams.length; from += size) {
    for (let at = 0; at < size; at += 1) total[at]! += grams[from + at]!
  }
  const gram = side.gram.view
  for (let row = 0; row < stride; row += 1) {
    for (let column = row; column < stride; column += 1) {
      const sum = total[row * stride + column]!
      gram[row * stride + column] = sum
      gram[column * stride + row] = sum
    }
  }
}
