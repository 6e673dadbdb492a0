const smallest = 2048
const digitBits = 16
const digits = 1 << digitBits

/**
 * The places of `values` from the smallest to the largest; equal values keep their order.
 *
 * Large inputs are sorted by the bits of their numbers, sixteen at a time, which takes a tenth of the time of a sort
 * that calls a function for every comparison.
 *
 * @param values `[n]` without NaN
 * @returns `[n]` a permutation of 0 … n − 1
 *
 * Cost: O(n), four passes, 16 bytes a row; O(n log n) below 2,048 rows.
 *
 * @example
 * ascendingOrder(Float64Array.of(3, 1, 2)) // Uint32Array [1, 2, 0]
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, at) => at)
  if (values.length <= smallest) return order.sort((left, right) => values[left]! - values[right]! || left - right)
  const { high, low } = sortableBits(values)
  let from = order
  let to = new Uint32Array(values.length)
  for (const [words, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    if (!countingPass(words, shift, from, to)) continue
    const held = from
    from = to
    to = held
  }
  return from
}

/** Two words a number whose order as unsigned integers is the order of the numbers. */
function sortableBits(values: Float64Array): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(values.length)
  const low = new Uint32Array(values.length)
  const number = new Float64Array(1)
  const words = new Uint32Array(number.buffer)
  number[0] = 1
  const highAt = words[1] === 0 ? 0 : 1
  for (let at = 0; at < values.length; at += 1) {
    // Adding 0 turns −0 into 0, which it equals.
    number[0] = values[at]! + 0
    const sign = words[highAt]! >>> 31
    high[at] = sign ? ~words[highAt]! : words[highAt]! | 0x80000000
    low[at] = sign ? ~words[1 - highAt]! : words[1 - highAt]!
  }
  return { high, low }
}

/** One stable pass of the radix sort; false, with nothing moved, when all rows share the digit. */
function countingPass(words: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): boolean {
  const starts = new Uint32Array(digits + 1)
  for (let at = 0; at < words.length; at += 1) starts[((words[at]! >>> shift) & (digits - 1)) + 1]! += 1
  if (starts[((words[0]! >>> shift) & (digits - 1)) + 1] === words.length) return false
  for (let digit = 0; digit < digits; digit += 1) starts[digit + 1]! += starts[digit]!
  for (let at = 0; at < from.length; at += 1) {
    const row = from[at]!
    to[starts[(words[row]! >>> shift) & (digits - 1)]!++] = row
  }
  return true
}
