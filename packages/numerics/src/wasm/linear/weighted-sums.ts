import type { TwinMemory } from '../twin.ts'

/** Twin of `addWeightedColumns` in assembly/linear/weighted-sums.ts. */
export function addWeightedColumns(
  { float64 }: TwinMemory,
  tile: number,
  rows: number,
  columns: number,
  weights: number,
  isSquared: number,
  sums: number,
): undefined {
  for (let row = 0, at = tile >> 3; row < rows; row += 1) {
    const weight = float64[(weights >> 3) + row]!
    for (let column = 0; column < columns; column += 1, at += 1) {
      const value = float64[at]!
      float64[(sums >> 3) + column]! += weight * (isSquared === 1 ? value * value : value)
    }
  }
}

/** Twin of `addWeightedProducts` in assembly/linear/weighted-sums.ts. */
export function addWeightedProducts(
  { float64 }: TwinMemory,
  tile: number,
  rows: number,
  width: number,
  weights: number,
  sums: number,
): undefined {
  for (let down = 0; down < width; down += 1) {
    for (let across = 0; across < 4 * Math.floor(down / 4) + 4; across += 1) {
      let sum = 0
      for (let row = 0, at = tile >> 3; row < rows; row += 1, at += width) {
        sum += float64[(weights >> 3) + row]! * float64[at + down]! * float64[at + across]!
      }
      float64[(sums >> 3) + down * width + across]! += sum
    }
  }
}
