import { exponential } from './exponential.ts'
import type { TwinMemory } from './twin.ts'

/** Twin of `gradientPairs` in assembly/gradient-pairs.ts: the same operations in the same order. */
export function gradientPairs(
  { float64, float32 }: TwinMemory,
  margins: number,
  labels: number,
  weights: number,
  pairs: number,
  from: number,
  to: number,
): undefined {
  const marginsAt = margins >>> 3
  const labelsAt = labels >>> 3
  const weightsAt = weights >>> 3
  const pairsAt = pairs >>> 2
  // The kernel works on two rows at a time and so writes one more when the number is odd.
  for (let row = from; row < to + (to & 1); row += 1) {
    const label = float64[labelsAt + row]!
    const odds = exponential(-float64[marginsAt + row]!)
    const total = 1 + odds
    const weight = weights === 0 ? 1 : float64[weightsAt + row]!
    float32[pairsAt + 2 * row] = weight * ((1 - label - label * odds) / total)
    float32[pairsAt + 2 * row + 1] = weight * (odds / (total * total))
  }
}
