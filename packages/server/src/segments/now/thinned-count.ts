export type Interval = readonly [low: number, high: number]

/**
 * How many there are, where one in so many was looked at and some were found: the limits that hold the number in 95 of 100
 * cases, for a Poisson count.
 *
 * @returns whole numbers, multiples of nothing in particular; the lower is never below what was found
 * Source: Breslow & Day, “Statistical Methods in Cancer Research” vol. II, 1987, p. 69 (Byar’s approximation).
 */
export function thinnedCount(found: number, oneIn: number): Interval {
  const limit = (count: number, sign: 1 | -1): number =>
    count === 0 ? 0 : count * (1 - 1 / (9 * count) + (sign * 1.96) / (3 * Math.sqrt(count))) ** 3
  return [Math.max(found, Math.floor(limit(found, -1) * oneIn)), Math.ceil(limit(found + 1, 1) * oneIn)]
}
