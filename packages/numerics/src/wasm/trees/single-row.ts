import type { TwinMemory } from '../twin.ts'

/** Twin of `addTreesToRow` in assembly/trees/single-row.ts. */
export function addTreesToRow(
  { float64, int32 }: TwinMemory,
  nodes: number,
  roots: number,
  depths: number,
  places: number,
  values: number,
  trees: number,
  row: number,
  scratch: number,
  outputs: number,
  margins: number,
): undefined {
  for (let at = 0; at < 4 * Math.ceil(trees / 4); at += 1) {
    let node = int32[(roots >> 2) + at]!
    for (let steps = int32[(depths >> 2) + (at >> 2)]!; steps > 0; steps -= 1) {
      const field = (nodes + node) >> 2
      const value = float64[(row + int32[field + 3]!) >> 3]!
      node = int32[field + 2]! + (value > float64[field >> 1]! ? 16 : 0)
    }
    float64[(scratch + int32[(places >> 2) + at]!) >> 3] = float64[(values + (node >> 1)) >> 3]!
  }
  for (let output = 0; output < outputs; output += 1) {
    for (let tree = output; tree < trees; tree += outputs) {
      float64[(margins >> 3) + output]! += float64[(scratch >> 3) + tree]!
    }
  }
}
