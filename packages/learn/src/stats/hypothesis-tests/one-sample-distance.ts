import { logGamma } from '@rapport/numerics'

/** Jumps between neighbouring moments that are counted, where at most one value is expected: more have a chance below 1e-70. */
const jumpMax = 56

/** Additions that `chanceOfDistance` makes, about. */
export const exactWork = (n: number, distance: number): number =>
  2 * n * jumpMax * Math.min(n, 2 * n * distance + jumpMax)

/**
 * The chance that the share of `n` independent uniform values at or below some t is anywhere at least `distance` away from t.
 *
 * The values are seen as they come, as those of a Poisson process of which `n` come in all: at each moment at which a number of
 * them must have come (or not have come yet), the chance of the paths that break a bound there for the first time is added up.
 * No term is negative, so all digits of small chances are right.
 */
export function chanceOfDistance(n: number, distance: number): number {
  // No sample of n is nearer to a line than half a step.
  if (distance <= 0.5 / n) return 1
  if (distance >= 1) return 0
  const states = new Float64Array(n + 1)
  states[0] = 1
  let [low, high, time, broken] = [0, 0, 0, 0]
  for (const { at, above, count } of boundsInTime(n, distance)) {
    const jumps = poissonShares(n * (at - time), n)
    const reached = Math.min(n, high + jumps.length - 1)
    // From above, so that what a state is made of has not been made anew yet.
    for (let state = reached; state >= low; state -= 1) {
      let share = 0
      const last = Math.min(jumps.length - 1, state - low)
      for (let jump = 0; jump <= last; jump += 1) share += states[state - jump]! * jumps[jump]!
      states[state] = share
    }
    ;[high, time] = [reached, at]
    // Paths that are outside do not come back, and must still be of n values in all.
    const [from, to] = above ? [count, high] : [low, Math.min(high, count - 1)]
    for (let state = from; state <= to; state += 1) {
      broken += states[state]! * poissonShare(n - state, n * (1 - at))
      states[state] = 0
    }
    if (above) high = Math.min(high, count - 1)
    else low = Math.max(low, count)
  }
  return Math.min(1, broken / poissonShare(n, n))
}

/** A moment at which `count` values or more must not have come yet (`above`), or at which fewer must not have. */
interface Bound {
  readonly at: number
  readonly above: boolean
  readonly count: number
}

function boundsInTime(n: number, distance: number): Bound[] {
  const bounds: Bound[] = []
  for (let count = 1; count <= n; count += 1) {
    const early = count / n - distance
    const late = (count - 1) / n + distance
    if (early > 0) bounds.push({ at: early, above: true, count })
    if (late < 1) bounds.push({ at: late, above: false, count })
  }
  return bounds.sort((one, other) => one.at - other.at)
}

/** Chances of 0, 1, 2 … values where `mean` are expected: all of them that count between neighbouring bounds, else up to `n`. */
function poissonShares(mean: number, n: number): Float64Array {
  // Rounding may bring a mean of 1 just above it.
  if (mean > 1.01) return Float64Array.from({ length: n + 1 }, (_, count) => poissonShare(count, mean))
  const shares = new Float64Array(jumpMax)
  shares[0] = Math.exp(-mean)
  for (let count = 1; count < jumpMax; count += 1) shares[count] = (shares[count - 1]! * mean) / count
  return shares
}

function poissonShare(count: number, mean: number): number {
  if (mean <= 0) return count === 0 ? 1 : 0
  return Math.exp(count * Math.log(mean) - mean - logGamma(count + 1))
}
