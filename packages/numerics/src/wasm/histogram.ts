import type { TwinMemory } from './twin.ts'

const binsOfColumn = 256

/** Twin of `buildHistograms` in assembly/histogram.ts. */
export function buildHistograms(
  memory: TwinMemory,
  bins: number,
  rows: number,
  columns: number,
  width: number,
  groupFrom: number,
  groupTo: number,
  members: number,
  from: number,
  to: number,
  pairs: number,
  binCounts: number,
  sums: number,
  counts: number,
  parentSums: number,
  parentCounts: number,
): undefined {
  const firstColumn = groupFrom * width
  const lastColumn = Math.min(columns, groupTo * width)
  for (let column = firstColumn; column < lastColumn; column += 1) {
    const first = Math.floor(column / width) * width
    const stride = Math.min(columns, first + width) - first
    addColumn(
      memory,
      { columnBins: bins + rows * first + (column - first), stride, used: memory.int32[(binCounts >>> 2) + column]! },
      { members, from, to, pairs },
      (sums >>> 3) + column * binsOfColumn * 2,
      counts === 0 ? -1 : (counts >>> 2) + column * binsOfColumn,
    )
  }
  if (parentSums === 0) return
  for (let column = firstColumn; column < lastColumn; column += 1) {
    const used = memory.int32[(binCounts >>> 2) + column]!
    for (let bin = column * binsOfColumn, end = bin + used; bin < end; bin += 1) {
      memory.float64[(parentSums >>> 3) + 2 * bin]! -= memory.float64[(sums >>> 3) + 2 * bin]!
      memory.float64[(parentSums >>> 3) + 2 * bin + 1]! -= memory.float64[(sums >>> 3) + 2 * bin + 1]!
      memory.int32[(parentCounts >>> 2) + bin]! -= memory.int32[(counts >>> 2) + bin]!
    }
  }
}

interface ColumnBins {
  readonly columnBins: number
  readonly stride: number
  readonly used: number
}

interface NodeRows {
  readonly members: number
  readonly from: number
  readonly to: number
  readonly pairs: number
}

function addColumn(
  { float64, float32, int32, bytes }: TwinMemory,
  { columnBins, stride, used }: ColumnBins,
  { members, from, to, pairs }: NodeRows,
  sumsAt: number,
  countsAt: number,
): void {
  float64.fill(0, sumsAt, sumsAt + 2 * used)
  if (countsAt >= 0) int32.fill(0, countsAt, countsAt + used)
  const pairsAt = pairs >>> 2
  const membersAt = members >>> 2
  for (let at = from; at < to; at += 1) {
    const row = members === 0 ? at : int32[membersAt + at]!
    const bin = bytes[columnBins + row * stride]!
    float64[sumsAt + 2 * bin]! += float32[pairsAt + 2 * row]!
    float64[sumsAt + 2 * bin + 1]! += float32[pairsAt + 2 * row + 1]!
    if (countsAt >= 0) int32[countsAt + bin]! += 1
  }
}
