import type { TwinMemory } from './twin.ts'

/** Twin of `squaredDistance` in assembly/distance.ts. */
export function squaredDistance(memory: TwinMemory, a: number, b: number, n: number): number {
  const { float64 } = memory
  const firstOfA = a >>> 3
  const firstOfB = b >>> 3
  let even = 0
  let odd = 0
  for (let at = 0; at < n; at += 2) {
    const differenceEven = float64[firstOfA + at]! - float64[firstOfB + at]!
    const differenceOdd = float64[firstOfA + at + 1]! - float64[firstOfB + at + 1]!
    even += differenceEven * differenceEven
    odd += differenceOdd * differenceOdd
  }
  return even + odd
}
