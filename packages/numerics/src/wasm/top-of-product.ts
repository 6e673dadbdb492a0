import { type Listed, writeBest } from './top-list.ts'
import type { TwinMemory } from './twin.ts'

/** Twin of `topOfProduct` in assembly/top-of-product.ts. */
export function topOfProduct(
  memory: TwinMemory,
  rows: number,
  leftStarts: number,
  leftColumns: number,
  leftValues: number,
  rightStarts: number,
  rightColumns: number,
  rightValues: number,
  columns: number,
  lengths: number,
  shrinkage: number,
  isOut: number,
  ownStarts: number,
  ownColumns: number,
  k: number,
  items: number,
  scores: number,
  sizes: number,
  isByItem: number,
  sums: number,
  _marks: number,
  from: number,
  to: number,
): undefined {
  const { float64, int32, bytes } = memory
  const own = sums >>> 3
  for (let list = from; list < to; list += 1) {
    const row = int32[(rows >>> 2) + list]!
    for (let entry = int32[(leftStarts >>> 2) + row]!; entry < int32[(leftStarts >>> 2) + row + 1]!; entry += 1) {
      const weight = float64[(leftValues >>> 3) + entry]!
      const met = (rightStarts >>> 2) + int32[(leftColumns >>> 2) + entry]!
      for (let at = int32[met]!; at < int32[met + 1]!; at += 1) {
        float64[own + int32[(rightColumns >>> 2) + at]!]! += weight * float64[(rightValues >>> 3) + at]!
      }
    }
    if (ownStarts === 0) float64[own + row] = 0
    else {
      const last = int32[(ownStarts >>> 2) + row + 1]!
      for (let at = int32[(ownStarts >>> 2) + row]!; at < last; at += 1) {
        float64[own + int32[(ownColumns >>> 2) + at]!] = 0
      }
    }
    const found: Listed[] = []
    for (let item = 0; item < columns; item += 1) {
      let score = float64[own + item]!
      float64[own + item] = 0
      if (score === 0) continue
      if (lengths !== 0) {
        const divisor = float64[(lengths >>> 3) + row]! * float64[(lengths >>> 3) + item]! + shrinkage
        score = Math.min(1, score / divisor)
      }
      if (score > 0 && (isOut === 0 || bytes[isOut + item] === 0)) found.push({ item, score })
    }
    const size = writeBest(memory, found, k, (items >>> 2) + list * k, (scores >>> 3) + list * k, isByItem !== 0)
    int32[(sizes >>> 2) + list] = size
  }
}
