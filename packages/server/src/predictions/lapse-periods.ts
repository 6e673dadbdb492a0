import { dayMs, type Instant } from '../base/index.ts'
import type { NotEnough } from './result.ts'

/** How often each number of days lay between two purchases of a customer. */
export interface GapCounts {
  /** `[g]` rising, days ≥ 1. */
  readonly gaps: ArrayLike<number>
  /** `[g]` */
  readonly counts: ArrayLike<number>
}

/** The moments and lengths that define who is predicted and what. */
export interface LapsePeriods {
  readonly found: true
  /** A: days a customer's last purchase may lie back to be asked about. */
  readonly activeDays: number
  /** N: days without purchase that make a lapse. */
  readonly horizonDays: number
  readonly chosenBy: string
  /** t0: models learn as of here, from labels in (t0, t0 + N]. */
  readonly training: Instant
  /** t1 = t0 + N: models are judged as of here, by labels in (t1, t1 + N]. */
  readonly test: Instant
}

/** Lengths that can be said and planned with. */
const lengths = [14, 30, 60, 90, 120, 180, 270, 365] as const

/** A and N are chosen from the records of this share of the history; what is left holds both label periods. */
export const choosingShare = 0.6
const gapsMin = 50
/** Three of four customers who come back have done so after N days, and nineteen of twenty after A. */
const returnedByHorizon = 0.75
const returnedWhileActive = 0.95

/** The moment up to which records may decide on A and N: at or before the training cut, whatever N comes out. */
export const choosingEnd = (first: Instant, asOf: Instant): Instant => first + (asOf - first) * choosingShare

/**
 * Chooses A and N from the time between purchases, and with them the two cuts.
 *
 * N is a fifth of the history at most, so that both label periods lie behind the records it was chosen from.
 *
 * @param gaps of purchases up to `choosingEnd(first, asOf)`
 * @param first the first purchase in the store
 */
export function chooseLapsePeriods(gaps: GapCounts, first: Instant, asOf: Instant): LapsePeriods | NotEnough {
  const historyDays = (asOf - first) / dayMs
  const horizonMax = (historyDays * (1 - choosingShare)) / 2
  if (horizonMax < lengths[0]) {
    return no(
      `purchases must go back at least ${Math.ceil(lengths[0] / ((1 - choosingShare) / 2))} days, got ${Math.floor(historyDays)}`,
    )
  }
  const total = Array.from(gaps.counts).reduce((sum, count) => sum + count, 0)
  if (total < gapsMin) {
    return no(`customers must have come back at least ${gapsMin} times before the training period, got ${total}`)
  }
  const horizonWanted = quantile(gaps, total, returnedByHorizon)
  const activeWanted = quantile(gaps, total, returnedWhileActive)
  const horizonDays = longest(horizonMax, atLeast(horizonWanted))
  const activeDays = Math.max(horizonDays, longest(historyDays * choosingShare, atLeast(activeWanted)))
  const shortened = horizonDays < horizonWanted ? ', cut to a fifth of the history' : ''
  const test = asOf - horizonDays * dayMs
  return {
    found: true,
    activeDays,
    horizonDays,
    chosenBy:
      `of ${total} returns before the training cut three in four came within ${horizonWanted} days ` +
      `(so N = ${horizonDays}${shortened}) and 95 % within ${activeWanted} days (so A = ${activeDays})`,
    training: test - horizonDays * dayMs,
    test,
  }
}

/** The least number of days within which at least `share` of the gaps lie. */
function quantile({ gaps, counts }: GapCounts, total: number, share: number): number {
  let reached = 0
  for (let at = 0; at < gaps.length; at += 1) {
    reached += counts[at]!
    if (reached >= share * total) return gaps[at]!
  }
  return gaps[gaps.length - 1]!
}

const atLeast = (days: number): number => lengths.find((length) => length >= days) ?? lengths.at(-1)!

/** `wanted`, or the longest length that still fits. */
const longest = (max: number, wanted: number): number =>
  wanted <= max ? wanted : (lengths.findLast((length) => length <= max) ?? lengths[0])

const no = (because: string): NotEnough => ({ found: false, because })
