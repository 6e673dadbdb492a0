import { type Listed, writeBest } from './top-list.ts'
import type { TwinMemory } from './twin.ts'

/** Twin of `topByFactors` in assembly/top-by-factors.ts: without ruling items out first, and so with the same result. */
export function topByFactors(
  memory: TwinMemory,
  users: number,
  userLengths: number,
  items: number,
  numbers: number,
  _lengths: number,
  factors: number,
  itemCount: number,
  ownStarts: number,
  ownColumns: number,
  k: number,
  outItems: number,
  outScores: number,
  sizes: number,
  from: number,
  to: number,
): undefined {
  const { float64, float32, int32 } = memory
  for (let user = from; user < to; user += 1) {
    const found: Listed[] = []
    const isKnown = float64[(userLengths >>> 3) + user]! > 0
    const starts = (ownStarts >>> 2) + user
    const own = new Set(int32.subarray((ownColumns >>> 2) + int32[starts]!, (ownColumns >>> 2) + int32[starts + 1]!))
    for (let place = 0; isKnown && place < itemCount; place += 1) {
      const item = int32[(numbers >>> 2) + place]!
      if (own.has(item)) continue
      const first = (items >>> 2) + (place >>> 3) * factors * 8 + (place % 8)
      let score = 0
      for (let factor = 0; factor < factors; factor += 1) {
        score += float32[(users >>> 2) + user * factors + factor]! * float32[first + factor * 8]!
      }
      found.push({ item, score })
    }
    const size = writeBest(memory, found, k, (outItems >>> 2) + user * k, (outScores >>> 3) + user * k, false)
    int32[(sizes >>> 2) + user] = size
  }
}
