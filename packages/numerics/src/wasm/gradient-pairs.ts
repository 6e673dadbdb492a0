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

const log2OfE = Math.LOG2E
const ln2High = 6.9314718036912382e-1
const ln2Low = 1.9082149292705877e-10
/** 1 / n! for n = 12 … 0. */
const coefficients = [479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1].map(
  (factorial) => 1 / factorial,
)
// Adding and taking away 1.5 · 2⁵² rounds to the nearest whole number, ties to even, as the kernel's instruction does.
const rounder = 6755399441055744

/** exp(power), power cut to ±700: within 1 unit in the last place, and the same bits as the kernel's. */
function exponential(power: number): number {
  const x = Math.max(-700, Math.min(700, power))
  const k = x * log2OfE + rounder - rounder
  const r = x - k * ln2High - k * ln2Low
  let sum = 1 / 6227020800
  for (const coefficient of coefficients) sum = sum * r + coefficient
  return sum * powersOf2[k + powersOf2Middle]!
}

const powersOf2Middle = 1022
const powersOf2 = Float64Array.from({ length: 2045 }, (_, at) => 2 ** (at - powersOf2Middle))
