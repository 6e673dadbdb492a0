import type { Kernels, Matrix, Span } from '@rapport/numerics'
import type { ColumnBins } from './boosting-model.ts'

/** Bins of a column in a histogram, used or not: the kernels' stride. */
export const binsOfColumn = 256

/** The histogram of one node: sums of gradients and hessians, and numbers of rows, by column and bin. */
export interface NodeHistogram {
  readonly sums: Span<Float64Array>
  readonly counts: Span<Int32Array>
}

/** Everything that a fit keeps where kernels can reach it. */
export interface TrainingMemory {
  readonly rows: number
  readonly columns: number
  /** Columns of a group: bins lie in one row-major table per group. */
  readonly width: number
  readonly groups: number
  readonly bins: Span<Uint8Array>
  /** `[columns]` bins with values in them; the bin after the last of them is for missing values. */
  readonly binsPresent: Int32Array
  /** The same, for kernels. */
  readonly present: Span<Int32Array>
  /** `[columns]` how thresholds are looked for: 1 with missing values on either side, 2 not at all (categories). */
  readonly kinds: Span<Uint8Array>
  /** `[columns × 6]` what `searchThresholds` found. */
  readonly found: Span<Float64Array>
  /** `[columns]` 1 where the values are categories. */
  readonly isCategorical: Uint8Array
  /** `[columns]` 1 where a training row has no value. */
  readonly hasMissing: Uint8Array
  /** `[columns]` bins in use, the one for missing values included. */
  readonly binCounts: Span<Int32Array>
  /** `[outputs × rows]` one output after the other. */
  readonly margins: Span<Float64Array>
  readonly labels: Span<Float64Array>
  readonly weights: Span<Float64Array> | undefined
  /** `[outputs × rows × 2]` gradient and hessian side by side. */
  readonly pairs: Span<Float32Array>
  /** `[rows]` row numbers; a node owns a stretch of them. */
  readonly members: Span<Int32Array>
  readonly right: Span<Int32Array>
  readonly goesLeft: Span<Uint8Array>
}

/** Rows of one tile when the data are put into bins. */
const tileRowsMax = 8192

/** Puts the data into bins and lays out what a fit needs beside them. */
export async function makeTrainingMemory(
  { arena, run }: Kernels,
  data: Matrix,
  bins: ColumnBins,
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  outputs: number,
): Promise<TrainingMemory> {
  const { rows, columns } = data
  // An even number of groups, so that two threads are done at the same time; eight columns at most fit the first cache.
  const groupsWanted = columns === 1 ? 1 : 2 * Math.ceil(columns / 16)
  const width = Math.ceil(columns / groupsWanted)
  const groups = Math.ceil(columns / width)
  const binsPresent = new Int32Array(columns)
  for (let column = 0; column < columns; column += 1) {
    const edges = bins.starts[column + 1]! - bins.starts[column]!
    binsPresent[column] = bins.isCategorical[column] === 1 ? edges : edges + 1
  }
  const memory = {
    rows,
    columns,
    width,
    groups,
    bins: arena.uint8(rows * columns),
    binsPresent,
    isCategorical: bins.isCategorical,
    present: arena.int32(columns),
    kinds: arena.uint8(columns),
    found: arena.float64(6 * columns),
    hasMissing: missingColumns(data),
    binCounts: arena.int32(columns),
    margins: arena.float64(outputs * rows),
    labels: arena.float64(rows),
    weights: weights && arena.float64(rows),
    pairs: arena.float32(2 * outputs * rows),
    members: arena.int32(rows),
    right: arena.int32(rows),
    goesLeft: arena.uint8(binsOfColumn),
  }
  memory.present.view.set(binsPresent)
  memory.kinds.view.set(memory.hasMissing.map((has, column) => (bins.isCategorical[column] === 1 ? 2 : has)))
  memory.labels.view.set(labels)
  if (weights) memory.weights!.view.set(weights)
  memory.binCounts.view.set(binsPresent.map((count) => count + 1))
  await fillBins({ arena, run }, data, bins, memory)
  return memory
}

function missingColumns({ rows, columns, values }: Matrix): Uint8Array {
  const hasMissing = new Uint8Array(columns)
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      if (Number.isNaN(values[at]!)) hasMissing[column] = 1
    }
  }
  return hasMissing
}

async function fillBins(
  { arena, run }: Kernels,
  data: Matrix,
  bins: ColumnBins,
  memory: TrainingMemory,
): Promise<void> {
  const { rows, columns, width, groups, binsPresent } = memory
  const scratch = arena.mark()
  const tileRows = Math.min(rows, tileRowsMax)
  const tilesAtOnce = Math.min(8, Math.ceil(rows / tileRows))
  const thresholds = arena.float64(columns * binsOfColumn)
  const missingBins = arena.int32(columns)
  const tile = arena.float64(tilesAtOnce * tileRows * columns)
  const thresholdsView = thresholds.view.fill(Infinity)
  for (let column = 0; column < columns; column += 1) {
    thresholdsView.set(bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!), column * binsOfColumn)
  }
  missingBins.view.set(binsPresent)
  for (let from = 0; from < rows; from += tilesAtOnce * tileRows) {
    const to = Math.min(rows, from + tilesAtOnce * tileRows)
    tile.view.set(data.values.subarray(from * columns, to * columns))
    const tasks: number[][] = []
    for (let first = from; first < to; first += tileRows) {
      const count = Math.min(tileRows, to - first)
      const at = tile.at + 8 * (first - from) * columns
      tasks.push([at, count, first, rows, columns, width, 0, groups, thresholds.at, missingBins.at, memory.bins.at])
    }
    await run('binValues', tasks)
  }
  arena.release(scratch)
}
