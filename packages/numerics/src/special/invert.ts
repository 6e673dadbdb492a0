/**
 * The x in [lower, upper] at which an increasing function takes the value `target`: Newton's steps, halving the bracket
 * where a step would leave it. Halving is done on the logarithm where the bracket spans more than a factor of 4.
 *
 * @returns as exact as the function's own rounding allows
 */
export function invertIncreasing(
  value: (x: number) => number,
  slope: (x: number) => number,
  target: number,
  lower: number,
  upper: number,
): number {
  let low = lower
  let high = upper
  let x = middle(low, high)
  for (let round = 0; round < 400; round += 1) {
    const gap = value(x) - target
    if (gap === 0) return x
    if (gap < 0) low = x
    else high = x
    const step = x - gap / slope(x)
    const next = step > low && step < high ? step : middle(low, high)
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x) || high <= low) return next
    x = next
  }
  return x
}

const middle = (low: number, high: number): number =>
  low > 0 && high / low > 4 ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2
