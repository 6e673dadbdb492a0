import type { TwinMemory } from '../twin.ts'

/** Fields of the table that the kernel's scratch memory takes, of which the twin has its own. */
const scratchFields = 15

/**
 * What the table of a growing tree points to: the fields of the class `Growth` in assembly/forest/growth.ts, in their order.
 * Arrays of nodes reach to the end of the memory.
 */
export type GrowthTable = ReturnType<typeof growthTable>

export function growthTable({ int32, float64, bytes }: TwinMemory, table: number) {
  let field = table >>> 2
  const number = (): number => int32[field++]!
  const int32s = (): Int32Array => int32.subarray(number() >>> 2)
  const float64s = (): Float64Array => float64.subarray(number() >>> 3)
  const rows = number()
  const columns = number()
  const bins = number()
  const missingBins = int32s()
  const isCategorical = bytes.subarray(number())
  const edges = float64s()
  const edgeStarts = int32s()
  const targets = float64s()
  const weightsAt = number()
  const settings = {
    outputs: number(),
    columnsPerSplit: number(),
    rowsPerLeafMin: number(),
    depthMax: number(),
    isBootstrap: number() === 1,
    isRandom: number() === 1,
  }
  const draws = int32s().subarray(0, rows)
  field += scratchFields
  const byColumn = <T>(of: (column: number) => T): T[] => Array.from({ length: columns }, (_, column) => of(column))
  return {
    ...settings,
    rows,
    columnBins: byColumn((column) => bytes.subarray(bins + column * rows, bins + (column + 1) * rows)),
    missingBins,
    isCategorical,
    edgesOf: byColumn((column) => edges.subarray(edgeStarts[column]!, edgeStarts[column + 1]!)),
    targets,
    weights: weightsAt === 0 ? undefined : float64.subarray(weightsAt >>> 3),
    draws,
    nodeColumns: int32s(),
    nodeThresholds: float64s(),
    nodeSets: int32s(),
    nodeMissingLeft: bytes.subarray(number()),
    nodeLefts: int32s(),
    nodeValues: float64s(),
    nodeGains: float64s(),
    nodeRows: int32s(),
    categorySets: bytes.subarray(number()),
  }
}
