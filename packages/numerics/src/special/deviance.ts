/**
 * observed × log(observed / expected) + expected − observed: half of a Poisson deviance.
 *
 * Computed from the difference where the two are close, so that it keeps its digits beside 0; this is what makes
 * densities of large counts exact.
 *
 * @param observed > 0
 * @param expected ≥ 0
 * @returns ≥ 0; Infinity when `expected` is 0
 *
 * Source: Loader, "Fast and accurate computation of binomial probabilities", 2000.
 */
export function poissonDeviance(observed: number, expected: number): number {
  const difference = expected - observed
  const relative = difference / observed
  if (Math.abs(relative) > 0.3) return observed * Math.log(observed / expected) + difference
  // d − log(1 + d) with r = d / (2 + d): d r − 2 (r³/3 + r⁵/5 + …).
  const r = relative / (2 + relative)
  const square = r * r
  let power = r * square
  let sum = 0
  for (let k = 3; k < 60; k += 2) {
    const before = sum
    sum += power / k
    if (sum === before) break
    power *= square
  }
  return observed * (relative * r - 2 * sum)
}
