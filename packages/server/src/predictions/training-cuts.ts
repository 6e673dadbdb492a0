import type { Instant } from '../base/index.ts'

/** Moments that are learned from, at most: README.md has what more than one brings. */
export const trainingCutsMax = 6

/**
 * Moments to learn from, a horizon apart and the newest first, as far back as a horizon of records lies before each; the
 * newest always.
 *
 * @param horizon ms
 */
export function trainingCuts(
  newest: Instant,
  first: Instant,
  horizon: number,
  most = trainingCutsMax,
): readonly Instant[] {
  const count = Math.max(1, Math.min(most, Math.floor((newest - first) / horizon)))
  return Array.from({ length: count }, (_, at) => newest - at * horizon)
}
