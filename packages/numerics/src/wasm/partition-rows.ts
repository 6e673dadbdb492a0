import type { TwinMemory } from './twin.ts'

/** Twin of `partitionRows` in assembly/partition-rows.ts. */
export function partitionRows(
  { int32, bytes }: TwinMemory,
  columnBins: number,
  stride: number,
  members: number,
  from: number,
  to: number,
  goesLeft: number,
  right: number,
): number {
  const membersAt = members >>> 2
  let leftAt = membersAt + from
  let rightAt = (right >>> 2) + from
  for (let at = membersAt + from; at < membersAt + to; at += 1) {
    const row = int32[at]!
    const step = bytes[goesLeft + bytes[columnBins + row * stride]!]!
    int32[leftAt] = row
    int32[rightAt] = row
    leftAt += step
    rightAt += 1 - step
  }
  return leftAt - membersAt - from
}

/** Twin of `addToRows` in assembly/partition-rows.ts. */
export function addToRows(
  { float64, int32 }: TwinMemory,
  values: number,
  members: number,
  from: number,
  to: number,
  amount: number,
): undefined {
  const membersAt = members >>> 2
  for (let at = membersAt + from; at < membersAt + to; at += 1) float64[(values >>> 3) + int32[at]!]! += amount
}
