import type { TwinMemory } from './twin.ts'

const stripQuads = 32

/** Twin of `pairDistances` in assembly/pair-distances.ts. */
export function pairDistances(
  { float64, int32 }: TwinMemory,
  quads: number,
  d: number,
  n: number,
  from: number,
  to: number,
  own: number,
  k: number,
  starts: number,
  holes: number,
  back: number,
  sums: number,
): undefined {
  const [values, marks, returned] = [quads >>> 3, holes >>> 3, back >>> 3]
  const columnsOf = (row: number): number => values + (row >> 2) * 4 * d + (row & 3)
  const distance = (one: number, other: number): number => {
    let square = 0
    for (let column = 0, a = columnsOf(one), b = columnsOf(other); column < d; column += 1, a += 4, b += 4) {
      const gap = float64[b]! - float64[a]!
      square += gap * gap
    }
    return Math.sqrt(square) * float64[marks + other]!
  }
  const addStrip = (quad: number, first: number, end: number, cluster: number): void => {
    for (let row = 4 * quad; row < 4 * quad + 4; row += 1) {
      const lanes = [0, 0]
      for (let other = 4 * first; other < 4 * end; other += 1) {
        const length = distance(row, other)
        lanes[other % 2]! += length
        if (other >> 2 !== quad) float64[returned + other]! += length * float64[marks + row]!
      }
      float64[(sums >>> 3) + row * k + cluster]! += lanes[0]! + lanes[1]!
    }
  }
  float64.fill(0, returned + 4 * from, returned + 4 * n)
  for (let cluster = own; cluster < k; cluster += 1) {
    const start = int32[(starts >>> 2) + cluster]!
    const end = int32[(starts >>> 2) + cluster + 1]!
    for (let strip = Math.max(start, from); strip < end; strip += stripQuads) {
      const stripEnd = Math.min(end, strip + stripQuads)
      for (let quad = from; quad < to; quad += 1) addStrip(quad, Math.max(strip, quad), stripEnd, cluster)
    }
  }
}
