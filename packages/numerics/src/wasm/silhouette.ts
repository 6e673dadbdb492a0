import type { TwinMemory } from './twin.ts'

/** Twin of `distanceSums` in assembly/silhouette.ts. */
export function distanceSums(
  memory: TwinMemory,
  columns: number,
  d: number,
  n: number,
  targets: number,
  from: number,
  to: number,
  k: number,
  starts: number,
  holes: number,
  _scratch: number,
  sums: number,
): undefined {
  const { float64, int32 } = memory
  const values = columns >>> 3
  const distance = (a: number, b: number): number => {
    let square = 0
    for (let column = 0; column < d; column += 1) {
      const difference = float64[values + column * n + b]! - float64[values + column * n + a]!
      square += difference * difference
    }
    return Math.sqrt(square) * float64[(holes >>> 3) + b]!
  }
  for (let place = from; place < to; place += 1) {
    const row = int32[(targets >>> 2) + place]!
    for (let cluster = 0; cluster < k; cluster += 1) {
      let even = 0
      let odd = 0
      const last = int32[(starts >>> 2) + cluster + 1]!
      for (let other = int32[(starts >>> 2) + cluster]!; other < last; other += 2) {
        even += distance(row, other)
        odd += distance(row, other + 1)
      }
      float64[(sums >>> 3) + (place - from) * k + cluster] = even + odd
    }
  }
}
