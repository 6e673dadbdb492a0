import type { ByteReader, ByteWriter } from '../bytes.ts'

/** A whole number: a plain one while that is exact, longer beyond. */
export type ExactSum = number | bigint

export function addExactly(left: ExactSum, right: ExactSum): ExactSum {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(left) + BigInt(right)
  // Back where a number will do: equal sums are equal whatever way led there.
  return sum >= -9_007_199_254_740_991n && sum <= 9_007_199_254_740_991n ? Number(sum) : sum
}

export function saveExactly(sum: ExactSum, to: ByteWriter): void {
  to.whole(typeof sum === 'number' ? 0 : 1)
  if (typeof sum === 'number') to.whole(sum)
  else to.text(String(sum))
}

export const loadExactly = (from: ByteReader): ExactSum => (from.whole() === 0 ? from.whole() : BigInt(from.text()))
