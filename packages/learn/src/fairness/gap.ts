import { normalQuantile } from '@rapport/numerics'
import type { Interval } from '../stats/index.ts'

/** A share or a mean of a group's rows. */
export interface Tallied {
  readonly value: number
  /** Rows that it rests on, or as many equally weighted ones as tell as much. */
  readonly n: number
  limits(confidence: number): Interval
}

/** What one group shows. */
export interface GroupTally {
  readonly values: readonly (string | null)[]
  readonly tally: Tallied
  /** Taken off the value before groups are compared: what was predicted, where the value is what came. Default 0. */
  readonly expected?: number
}

/** How far apart the groups are that are farthest apart. */
export type GroupGap =
  | {
      readonly defined: true
      /** The highest less the lowest; of a ratio, the lowest by the highest. */
      readonly value: number
      /**
       * Ends of an interval that holds the widest true gap, whichever two groups it lies between: every pair was looked
       * at, and the confidence is shared among the pairs (Bonferroni). A gap whose `low` is 0 may be chance alone.
       */
      readonly low: number
      readonly high: number
      readonly highest: readonly (string | null)[]
      readonly lowest: readonly (string | null)[]
      /** Groups with too few rows to be compared: nothing is known about them, which is not the same as no gap. */
      readonly leftOut: readonly (readonly (string | null)[])[]
    }
  | {
      readonly defined: false
      /** `one-group`: fewer than two groups have rows enough. `nobody`: no group's share is above 0. */
      readonly because: 'one-group' | 'nobody'
      readonly leftOut: readonly (readonly (string | null)[])[]
    }

interface Compared {
  readonly groups: readonly GroupTally[]
  readonly leftOut: readonly (readonly (string | null)[])[]
  /** Confidence of each pair's interval. */
  readonly pairwise: number
}

function compared(all: readonly GroupTally[], rowsMin: number, confidence: number): Compared {
  const groups = all.filter(({ tally }) => tally.n >= rowsMin)
  const pairs = Math.max(1, (groups.length * (groups.length - 1)) / 2)
  return {
    groups,
    leftOut: all.filter(({ tally }) => !(tally.n >= rowsMin)).map(({ values }) => values),
    pairwise: 1 - (1 - confidence) / pairs,
  }
}

/**
 * The widest difference between groups: each pair's by Newcombe's interval (of means by the like of it), those of all pairs together by Bonferroni.
 *
 * @param rowsMin groups whose value rests on fewer rows are left out, and named
 *
 * Source: Newcombe, Statistics in Medicine 17, 1998, method 10; for means, and for shares less a known number, Zou & Donner, "Construction of
 * confidence limits about effect measures", Statistics in Medicine 27, 2008.
 */
export function widestDifference(all: readonly GroupTally[], rowsMin: number, confidence: number): GroupGap {
  const { groups, leftOut, pairwise } = compared(all, rowsMin, confidence)
  if (groups.length < 2) return { defined: false, because: 'one-group', leftOut }
  const ends = groups.map(({ tally, expected = 0 }) => {
    const { low, high } = tally.limits(pairwise)
    return { value: tally.value - expected, low: low - expected, high: high - expected }
  })
  let low = 0
  let high = 0
  for (const [at, one] of ends.entries()) {
    for (const [place, other] of ends.entries()) {
      if (at === place) continue
      const difference = one.value - other.value
      low = Math.max(low, difference - Math.hypot(one.value - one.low, other.high - other.value))
      high = Math.max(high, difference + Math.hypot(one.high - one.value, other.value - other.low))
    }
  }
  const { most, least } = extremes(ends.map(({ value }) => value))
  return {
    defined: true,
    value: ends[most]!.value - ends[least]!.value,
    low,
    high,
    highest: groups[most]!.values,
    lowest: groups[least]!.values,
    leftOut,
  }
}

/**
 * The lowest share by the highest: 1 when all are equal; the four-fifths rule asks for 0.8. Intervals as those of the
 * difference, by the logarithm with half a row added.
 *
 * Source: Walter, "The distribution of Levin's measure of attributable risk", Biometrika 62, 1975; as statsmodels'
 * `log-adjusted`.
 */
export function lowestRatio(all: readonly GroupTally[], rowsMin: number, confidence: number): GroupGap {
  const { groups, leftOut, pairwise } = compared(all, rowsMin, confidence)
  if (groups.length < 2) return { defined: false, because: 'one-group', leftOut }
  const { most, least } = extremes(groups.map(({ tally }) => tally.value))
  if (groups[most]!.tally.value === 0) return { defined: false, because: 'nobody', leftOut }
  const z = normalQuantile((1 + pairwise) / 2)
  const logs = groups.map(({ tally: { value, n } }) => {
    const ones = value * n + 0.5
    return { value: Math.log(ones / (n + 0.5)), variance: Math.max(0, 1 / ones - 1 / (n + 0.5)) }
  })
  let low = 0
  let high = 0
  for (const [at, one] of logs.entries()) {
    for (const [place, other] of logs.entries()) {
      if (at === place) continue
      const half = z * Math.sqrt(one.variance + other.variance)
      low = Math.min(low, one.value - other.value - half)
      high = Math.min(high, one.value - other.value + half)
    }
  }
  return {
    defined: true,
    value: groups[least]!.tally.value / groups[most]!.tally.value,
    low: Math.exp(low),
    high: Math.exp(high),
    highest: groups[most]!.values,
    lowest: groups[least]!.values,
    leftOut,
  }
}

function extremes(values: readonly number[]): { most: number; least: number } {
  return { most: values.indexOf(Math.max(...values)), least: values.indexOf(Math.min(...values)) }
}

/** Of two gaps the wider in each respect: for what must hold of both. Undefined when either is. */
export function widerOf(one: GroupGap, other: GroupGap): GroupGap {
  if (!one.defined) return one
  if (!other.defined) return other
  const wider = one.value >= other.value ? one : other
  return { ...wider, low: Math.max(one.low, other.low), high: Math.max(one.high, other.high) }
}
