import type { Instant } from '../base/index.ts'
import { labelledRowsMax } from './customer-rows.ts'

/** Moments that are learned from, at most: README.md has what more than one brings. */
const trainingCutsMax = 6

/**
 * Moments to learn from, a horizon apart and the newest first, as far back as a horizon of records lies before each; the
 * newest always.
 *
 * @param horizon ms
 */
export function trainingCuts(newest: Instant, first: Instant, horizon: number): readonly Instant[] {
  const count = Math.max(1, Math.min(trainingCutsMax, Math.floor((newest - first) / horizon)))
  return Array.from({ length: count }, (_, at) => newest - at * horizon)
}

/** How customers are drawn who are learned from or judged by. */
export interface CutDraw {
  readonly seed: number
  /** Rows at most. */
  readonly most: number
}

/** All training cuts together give as many rows as the hold-out may by itself. */
export function drawsOf(cuts: number, seed: number): { readonly training: readonly CutDraw[]; readonly test: CutDraw } {
  const most = Math.floor(labelledRowsMax / cuts)
  return {
    training: Array.from({ length: cuts }, (_, at) => ({ seed: at === 0 ? seed : seed + at + 1, most })),
    test: { seed: seed + 1, most: labelledRowsMax },
  }
}
