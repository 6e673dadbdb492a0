import { normalQuantile, RapportError } from '@rapport/numerics'
import { checkedDurations, type Durations, timesOf } from './durations.ts'

export interface KaplanMeierOptions {
  /** Of the bounds at each time by itself, in (0, 1). Default 0.95. */
  readonly confidence?: number
}

/** The share that is still there after each time. Plain data. */
export interface KaplanMeierModel {
  readonly kind: 'kaplan-meier'
  /** `[times]` the distinct durations, ascending. */
  readonly times: Float64Array
  /** `[times]` weight still watched just before each time. */
  readonly atRisk: Float64Array
  /** `[times]` weight to which it happened at each time. */
  readonly events: Float64Array
  /** `[times]` share left after each time, 0 … 1; before the first time it is 1. */
  readonly survival: Float64Array
  /** `[times]` bounds of the share; NaN once nobody is left, when nothing is known of the spread. */
  readonly low: Float64Array
  readonly high: Float64Array
  readonly confidence: number
}

/**
 * The share of customers to whom it has not happened yet, by time, with those still waiting counted as long as they were
 * watched: how long subscriptions last although most still run.
 *
 * Bounds are Greenwood's, taken on the log(−log) scale so that they stay within 0 and 1.
 *
 * @throws RapportError `kaplan-meier.lengths`, `.durations`, `.events`, `.weights`, `.confidence`
 *
 * Cost: O(n log n).
 * Source: Kaplan & Meier, JASA 53, 1958; Kalbfleisch & Prentice, "The statistical analysis of failure time data", 2nd ed.
 * 2002, §1.4. Agrees with lifelines.
 *
 * @example
 * fitKaplanMeier({ durations: [2, 3, 3, 5], events: [1, 1, 0, 0] }).survival // Float64Array [0.75, 0.5, 0.5]
 */
export function fitKaplanMeier(rows: Durations, { confidence = 0.95 }: KaplanMeierOptions = {}): KaplanMeierModel {
  const checked = checkedDurations('kaplan-meier', rows)
  if (!(confidence > 0 && confidence < 1)) {
    throw new RapportError('kaplan-meier.confidence', `confidence must be above 0 and below 1, got ${confidence}`)
  }
  const groups = timesOf(checked)
  const columns = () => new Float64Array(groups.length)
  const [times, atRisk, events] = [columns(), columns(), columns()]
  const [survival, low, high] = [columns(), columns(), columns()]
  // From the end, so that what is at risk is a sum of what is left and nothing cancels.
  let watched = 0
  for (let at = groups.length - 1; at >= 0; at -= 1) {
    const { first, after } = groups[at]!
    times[at] = checked.durations[checked.order[first]!]!
    for (const row of checked.order.subarray(first, after)) {
      watched += checked.weights[row]!
      if (checked.events[row] === 1) events[at]! += checked.weights[row]!
    }
    atRisk[at] = watched
  }

  const reach = normalQuantile((1 + confidence) / 2)
  let [share, greenwood] = [1, 0]
  for (let at = 0; at < groups.length; at += 1) {
    const [here, happened] = [atRisk[at]!, events[at]!]
    if (happened > 0) {
      share *= 1 - happened / here
      greenwood += happened / (here * (here - happened))
    }
    survival[at] = share
    const spread = (reach * Math.sqrt(greenwood)) / Math.log(share)
    low[at] = share === 1 ? 1 : share === 0 ? Number.NaN : share ** Math.exp(-spread)
    high[at] = share === 1 ? 1 : share === 0 ? Number.NaN : share ** Math.exp(spread)
  }
  return { kind: 'kaplan-meier', times, atRisk, events, survival, low, high, confidence }
}

/**
 * The share left after each of the given times, `[times]`; NaN beyond the longest duration unless nobody is left, since
 * nobody was watched that long.
 *
 * @param times ≥ 0, in any order
 * @throws RapportError `kaplan-meier.times` when a time is below 0 or NaN
 */
export function survivalAt(model: KaplanMeierModel, times: ArrayLike<number>): Float64Array {
  const longest = model.times.at(-1)!
  return Float64Array.from(times, (time) => {
    if (!(time >= 0)) throw new RapportError('kaplan-meier.times', `every time must be at least 0, got ${time}`)
    const at = lastAtOrBefore(model.times, time)
    if (time > longest && model.survival.at(-1)! > 0) return Number.NaN
    return at < 0 ? 1 : model.survival[at]!
  })
}

/**
 * The first time by which at most `share` is left: the median for 0.5.
 *
 * @param share in (0, 1)
 * @returns Infinity when more than that were left to the end of watching
 * @throws RapportError `kaplan-meier.share`
 *
 * @example
 * survivalTime(fitKaplanMeier({ durations: [2, 3, 3, 5], events: [1, 1, 0, 0] }), 0.5) // 3
 */
export function survivalTime(model: KaplanMeierModel, share: number): number {
  if (!(share > 0 && share < 1)) {
    throw new RapportError('kaplan-meier.share', `share must be above 0 and below 1, got ${share}`)
  }
  // Products of shares such as 3/4 · 2/3 may end an ulp above the share that they are.
  const at = model.survival.findIndex((left) => left <= share * (1 + 1e-12))
  return at < 0 ? Infinity : model.times[at]!
}

/** The last place whose time is not after `time`, −1 when all are. */
export function lastAtOrBefore(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}
