const log2OfE = Math.LOG2E
const ln2High = 6.9314718036912382e-1
const ln2Low = 1.9082149292705877e-10
/** 1 / n! for n = 12 … 0. */
const coefficients = [479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6, 2, 1, 1].map(
  (factorial) => 1 / factorial,
)
// Adding and taking away 1.5 · 2⁵² rounds to the nearest whole number, ties to even, as the kernel's instruction does.
const rounder = 6755399441055744

/** exp(power), power cut to ±700: within 1 unit in the last place, and the same bits as assembly/exponential.ts. */
export function exponential(power: number): number {
  const x = Math.max(-700, Math.min(700, power))
  const k = x * log2OfE + rounder - rounder
  const r = x - k * ln2High - k * ln2Low
  let sum = 1 / 6227020800
  for (const coefficient of coefficients) sum = sum * r + coefficient
  return sum * powersOf2[k + powersOf2Middle]!
}

const powersOf2Middle = 1022
const powersOf2 = Float64Array.from({ length: 2045 }, (_, at) => 2 ** (at - powersOf2Middle))

/** log(1 + x), x in [0, 1]: within 2 units in the last place, and the same bits as assembly/exponential.ts. */
export function logOnePlus(x: number): number {
  const z = x / (x + 2)
  const square = z * z
  let sum = 1 / 31
  for (let odd = 29; odd >= 1; odd -= 2) sum = sum * square + 1 / odd
  return (z + z) * sum
}
