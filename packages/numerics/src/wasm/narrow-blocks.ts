import type { TwinMemory } from './twin.ts'

/** Twin of `rowsTimesBlock` in assembly/narrow-blocks.ts. */
export function rowsTimesBlock(
  memory: TwinMemory,
  starts: number,
  length: number,
  columns: number,
  values: number,
  from: number,
  to: number,
  block: number,
  stride: number,
  product: number,
): undefined {
  for (let row = from; row < to; row += 1) {
    const target = (product >>> 3) + row * stride
    memory.float64.fill(0, target, target + stride)
    addEntries(memory, [starts, length, columns, values], row, block, stride, target)
  }
}

type Entries = readonly [starts: number, length: number, columns: number, values: number]

function addEntries(
  { float64, int32 }: TwinMemory,
  [starts, length, columns, values]: Entries,
  row: number,
  block: number,
  stride: number,
  target: number,
): void {
  const isSparse = starts !== 0
  const first = isSparse ? int32[(starts >>> 2) + row]! : row * length
  const last = isSparse ? int32[(starts >>> 2) + row + 1]! : first + length
  for (let entry = first; entry < last; entry += 1) {
    const from = (block >>> 3) + stride * (isSparse ? int32[(columns >>> 2) + entry]! : entry - first)
    const value = float64[(values >>> 3) + entry]!
    for (let at = 0; at < stride; at += 1) float64[target + at]! += value * float64[from + at]!
  }
}

/** Twin of `crossProducts` in assembly/narrow-blocks.ts. */
export function crossProducts(
  { float64 }: TwinMemory,
  values: number,
  stride: number,
  from: number,
  to: number,
  gram: number,
): undefined {
  for (let one = 0; one < stride; one += 1) {
    for (let other = one - (one % 4); other < stride; other += 1) {
      let sum = 0
      for (let row = from; row < to; row += 1) {
        const at = (values >>> 3) + row * stride
        sum += float64[at + one]! * float64[at + other]!
      }
      float64[(gram >>> 3) + one * stride + other] = sum
    }
  }
}

/** Twin of `improveParts` in assembly/narrow-blocks.ts. */
export function improveParts(
  memory: TwinMemory,
  starts: number,
  length: number,
  columns: number,
  values: number,
  from: number,
  to: number,
  block: number,
  stride: number,
  gram: number,
  factors: number,
  scratch: number,
): number {
  const { float64 } = memory
  const wanted = scratch >>> 3
  let left = 0
  for (let row = from; row < to; row += 1) {
    float64.fill(0, wanted, wanted + stride)
    addEntries(memory, [starts, length, columns, values], row, block, stride, wanted)
    const own = (factors >>> 3) + row * stride
    for (let at = 0; at < stride; at += 1) {
      const across = (gram >>> 3) + at * stride
      const lanes = [0, 0, 0, 0]
      for (let part = 0; part < stride; part += 1) lanes[part % 4]! += float64[across + part]! * float64[own + part]!
      const slope = lanes[0]! + lanes[2]! + (lanes[1]! + lanes[3]!) - float64[wanted + at]!
      const before = float64[own + at]!
      if (before !== 0 || slope < 0) left += Math.abs(slope)
      const curvature = float64[across + at]!
      if (curvature > 0) {
        const after = before - slope / curvature
        float64[own + at] = Math.max(after, 0)
      }
    }
  }
  return left
}
