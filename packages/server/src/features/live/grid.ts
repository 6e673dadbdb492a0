import type { Instant } from '../../base/index.ts'
import type { Window } from '../defined/plan.ts'

/**
 * How windows of one kind cut time: facts fall into numbered buckets, and as of a moment a window is a range of them. So
 * leaves that differ in nothing but the length of their window share one state.
 */
export interface Grid {
  readonly bucketOf: (at: Instant) => number
  /** The first bucket of a window; after the last where the window is empty. */
  readonly first: (window: Window, asOf: Instant) => number
  readonly last: (window: Window, asOf: Instant) => number
  /** The first moment after `asOf` at which a bucket comes into the window or goes out of it; Infinity where none does. */
  readonly nextMove: (window: Window, bucket: number, asOf: Instant) => Instant
  /** The first moment after `asOf` at which the window may hold other buckets. */
  readonly nextStep: (window: Window, asOf: Instant) => Instant
  /** No bucket before it lies in one of these windows, now or later. */
  readonly oldest: (windows: readonly Window[], asOf: Instant) => number
}

/** One bucket, for all of history. */
export const wholeGrid: Grid = {
  bucketOf: () => 0,
  first: () => 0,
  last: () => 0,
  nextMove: () => Infinity,
  nextStep: () => Infinity,
  oldest: () => 0,
}

type Rolling = Extract<Window, { kind: 'rolling' }>

export function rollingGrid(grainMs: number): Grid {
  const bucketOf = (at: Instant): number => Math.floor(at / grainMs)
  const last = (window: Window, asOf: Instant): number => bucketOf(asOf) - (window as Rolling).skip
  const first = (window: Window, asOf: Instant): number => last(window, asOf) - (window as Rolling).buckets + 1
  return {
    bucketOf,
    first,
    last,
    nextMove: (window, bucket, asOf) => {
      const { skip, buckets } = window as Rolling
      const enters = (bucket + skip) * grainMs
      if (enters > asOf) return enters
      const leaves = enters + buckets * grainMs
      return leaves > asOf ? leaves : Infinity
    },
    nextStep: (_window, asOf) => (bucketOf(asOf) + 1) * grainMs,
    oldest: (windows, asOf) => windows.reduce((least, window) => Math.min(least, first(window, asOf)), Infinity),
  }
}
