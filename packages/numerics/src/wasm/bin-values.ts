import type { TwinMemory } from './twin.ts'

/** Twin of `binValues` in assembly/bin-values.ts. */
export function binValues(
  { float64, int32, bytes }: TwinMemory,
  tile: number,
  tileRows: number,
  rowFrom: number,
  rows: number,
  columns: number,
  width: number,
  groupFrom: number,
  groupTo: number,
  thresholds: number,
  missingBins: number,
  bins: number,
): undefined {
  for (let column = groupFrom * width; column < Math.min(columns, groupTo * width); column += 1) {
    const first = Math.floor(column / width) * width
    const stride = Math.min(columns, first + width) - first
    const table = (thresholds >>> 3) + column * 256
    const missing = int32[(missingBins >>> 2) + column]!
    let to = bins + rows * first + rowFrom * stride + (column - first)
    for (let row = 0; row < tileRows; row += 1) {
      const value = float64[(tile >>> 3) + row * columns + column]!
      bytes[to] = Number.isNaN(value) ? missing : countBelow(float64, table, value)
      to += stride
    }
  }
}

function countBelow(thresholds: Float64Array, table: number, value: number): number {
  let place = 0
  for (let step = 128; step >= 1; step >>= 1) {
    if (thresholds[table + place + step - 1]! < value) place += step
  }
  return place
}
