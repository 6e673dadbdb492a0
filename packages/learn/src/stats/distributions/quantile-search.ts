/**
 * The value above which a share `p` lies, by halving, for distributions of values above 0.
 *
 * @param p 0 … 0.5
 * @param tail falling from 1 to 0
 * @returns Infinity at p = 0
 */
export function whereTailIs(p: number, tail: (value: number) => number): number {
  if (p === 0) return Infinity
  let low = 1
  let high = 1
  while (tail(high) > p) high *= 2
  while (tail(low) < p) low /= 2
  // A bracket of at most a factor of two first, then one bit a step.
  for (let halving = 0; halving < 2000; halving += 1) {
    const middle = high > 4 * low ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (tail(middle) > p) low = middle
    else high = middle
  }
  return high
}

/** The smallest count 0, 1, … that a rising condition holds for, `most` when it holds for none below. */
export function smallestCount(holds: (count: number) => boolean, most = Infinity): number {
  if (holds(0)) return 0
  let high = 1
  while (high < most && !holds(high)) high *= 2
  let low = Math.floor(high / 2)
  high = Math.min(high, most)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
