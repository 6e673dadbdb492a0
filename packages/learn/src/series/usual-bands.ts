import { RapportError } from '@rapport/numerics'
import { quantileOf } from '../preparation/quantile.ts'
import type { SeriesTooShort } from './series.ts'

/** The days that are over, oldest first. */
export interface PastDays {
  /** Parts that each day has. */
  readonly steps: number
  /** `[days × steps]` what is judged, ≥ 0, at each step of each day; missing (NaN) is not judged. */
  readonly values: Float64Array
  /** `[days]` how much happened on the whole day, ≥ 0: what the level is made of. */
  readonly totals: Float64Array
}

export interface UsualBandsOptions {
  /** Same weekdays before a day that its expectation is made of. Default 6. */
  readonly weeks?: number
  /** Days whose misses set the width of the bands. Default 56. */
  readonly calibrationDays?: number
  /** Chance with which an ordinary value lies within its band, in (0, 1). Default 0.9. */
  readonly confidence?: number
  /** Share of ordinary days on which a value is beyond the bounds of alarm, in (0, 1), above or below. Default 0.05. */
  readonly alarmDays?: number
  /** How much one of what is counted adds, > 0: 1 for counts, an average order for money. Default 1. */
  readonly unit?: number
}

/** What is usual on the day after the last one. Plain data. */
export interface UsualBands {
  readonly kind: 'usual-bands'
  /** `[steps]` */
  readonly expected: Float64Array
  /** `[steps]` an ordinary value lies between them with the chance `confidence`. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** `[steps]` beyond them a value is so far off that it is on `alarmDays` of ordinary days only. */
  readonly alarmLow: Float64Array
  readonly alarmHigh: Float64Array
  readonly confidence: number
  readonly alarmDays: number
  /** Same weekdays that went in, and days that set the width. */
  readonly weeks: number
  readonly calibrationDays: number
}

const weekdays = 7
/** Fewer same weekdays have no robust middle; fewer days no width. */
const weeksMin = 4
const calibrationDaysMin = 21
/** Groups of expectations of similar size, each with a width of its own. */
const sizes = 3
/** No width is less than this on the scale of square roots, where a Poisson count has a standard deviation of a half. */
const widthMin = 0.5

/**
 * The bands in which values of the coming day usually lie, step by step: robust, seasonal by weekday and time of day, and
 * along with the level.
 *
 * A day's expectation is the mean of the middle half of the same step on the weekdays before, each as a share of its
 * level: what happened on the seven days before it, which hold every weekday once. The widths are conformal: quantiles of
 * the misses, on the scale of square roots, that the same forecast made on the days before, in three groups by size of the
 * expectation, and one of steps at which nothing is expected. Misses of one day go together, so the
 * quantiles are those of as many days and not of as many steps. The bounds of alarm take each day as one: its farthest miss, in
 * widths.
 *
 * @returns the bands, or why there are none: fewer than 4 same weekdays with a level before each of 21 days and the next
 * @throws RapportError `usual-bands.series`, `usual-bands.options`
 *
 * Cost: O(days × steps × log).
 * Source: Lei et al., "Distribution-free predictive inference for regression", JASA 113, 2018 (split conformal bands); Tukey's
 * midmean, in Rosenberger & Gasko, "Comparing location estimators", 1983.
 *
 * @example
 * const bands = findUsualBands({ steps: 24, values: ordersByHour, totals: ordersByDay })
 * if (bands.kind === 'usual-bands') bands.high[9] // so many orders from 9 to 10 are still usual
 */
export function findUsualBands(past: PastDays, options: UsualBandsOptions = {}): UsualBands | SeriesTooShort {
  const { weeks = 6, calibrationDays = 56, confidence = 0.9, alarmDays = 0.05, unit = 1 } = options
  check(past, { weeks, calibrationDays, confidence, alarmDays, unit })
  const { totals } = past
  const days = totals.length
  const levels = levelsOf(totals)
  const expect = (day: number): Float64Array | undefined => expectationOf(past, levels, day, weeks)
  const expected = expect(days)
  const judged: { readonly day: number; readonly expected: Float64Array }[] = []
  for (let day = Math.max(0, days - calibrationDays); day < days; day += 1) {
    const before = expect(day)
    if (before !== undefined) judged.push({ day, expected: before })
  }
  if (expected === undefined || judged.length < calibrationDaysMin) {
    const needed = weekdays * (weeksMin + 1) + calibrationDaysMin
    const message = `telling what is usual needs ${needed} days with sales or events before, of each weekday at least ${weeksMin} after a week that had some, and a last week that has, got ${days}`
    return { kind: 'too-short', observations: days, needed, message }
  }
  const misses = new Misses(past, judged, unit)
  const tail = (1 - confidence) / 2
  const widths = misses.widths(tail)
  const alarm = misses.alarm(widths, alarmDays / 2)
  const bound = (of: (width: Width) => number, times: number): Float64Array =>
    expected.map((value) => {
      const width = widths[misses.groupOf(value)]!
      return unit * Math.max(0, Math.sqrt(value / unit) + of(width) * times) ** 2
    })
  return {
    ...{ kind: 'usual-bands', expected, confidence, alarmDays, weeks, calibrationDays: judged.length },
    low: bound(({ below }) => -below, 1),
    high: bound(({ above }) => above, 1),
    alarmLow: bound(({ below }) => -below, Math.max(1, alarm.below)),
    alarmHigh: bound(({ above }) => above, Math.max(1, alarm.above)),
  }
}

/** How far values lie from their expectation, on the scale of square roots of units. */
interface Width {
  readonly below: number
  readonly above: number
}

/** What the same forecast missed on the days before. */
class Misses {
  /** Expectations that part the groups of sizes; group 0 is of those at which nothing is expected. */
  private readonly edges: readonly number[]
  private readonly days: number
  /** `[days × steps]`; NaN where nothing was seen or expected. */
  private readonly misses: Float64Array
  /** `[days × steps]` */
  private readonly groups: Uint8Array

  constructor(
    { steps, values }: PastDays,
    judged: readonly { readonly day: number; readonly expected: Float64Array }[],
    unit: number,
  ) {
    this.days = judged.length
    this.misses = new Float64Array(judged.length * steps).fill(Number.NaN)
    this.groups = new Uint8Array(judged.length * steps)
    const sized = new Float64Array(judged.length * steps)
    let found = 0
    for (const { expected } of judged)
      for (const value of expected) {
        if (!(value > 0)) continue
        sized[found] = value
        found += 1
      }
    const ascending = sized.subarray(0, found).sort()
    this.edges = found === 0 ? [] : [1, 2].map((at) => quantileOf(ascending, at / sizes))
    judged.forEach(({ day, expected }, row) => {
      expected.forEach((value, step) => {
        const at = row * steps + step
        this.groups[at] = this.groupOf(value)
        this.misses[at] = Math.sqrt(values[day * steps + step]! / unit) - Math.sqrt(value / unit)
      })
    })
  }

  groupOf(expected: number): number {
    if (!(expected > 0)) return 0
    const larger = this.edges.findIndex((edge) => expected <= edge)
    return larger < 0 ? sizes : larger + 1
  }

  /** `[groups]` the misses that a share `tail` goes beyond on each side. */
  widths(tail: number): readonly Width[] {
    const share = Math.min(1, ((1 - tail) * (this.days + 1)) / this.days)
    return Array.from({ length: sizes + 1 }, (_, group) => {
      const misses = this.misses.filter((miss, at) => this.groups[at] === group && !Number.isNaN(miss)).sort()
      if (misses.length === 0) return { below: widthMin, above: widthMin }
      return {
        below: Math.max(widthMin, -quantileOf(misses, 1 - share)),
        above: Math.max(widthMin, quantileOf(misses, share)),
      }
    })
  }

  /** How many widths the farthest miss of a day is off, on all but a share `tail` of days on each side. */
  alarm(widths: readonly Width[], tail: number): Width {
    const steps = this.misses.length / this.days
    const below = new Float64Array(this.days)
    const above = new Float64Array(this.days)
    this.misses.forEach((miss, at) => {
      const day = Math.floor(at / steps)
      const width = widths[this.groups[at]!]!
      if (-miss / width.below > below[day]!) below[day] = -miss / width.below
      if (miss / width.above > above[day]!) above[day] = miss / width.above
    })
    const share = Math.min(1, ((1 - tail) * (this.days + 1)) / this.days)
    return { below: quantileOf(below.sort(), share), above: quantileOf(above.sort(), share) }
  }
}

/** `[days + 1]` what happened on the seven days before each; NaN where they are not all there. */
function levelsOf(totals: Float64Array): Float64Array {
  const levels = new Float64Array(totals.length + 1).fill(Number.NaN)
  for (let day = weekdays; day <= totals.length; day += 1) {
    let level = 0
    for (let back = 1; back <= weekdays; back += 1) level += totals[day - back]!
    levels[day] = level
  }
  return levels
}

/** `[steps]`; undefined where there are too few same weekdays before. */
function expectationOf(
  { steps, values }: PastDays,
  levels: Float64Array,
  day: number,
  weeks: number,
): Float64Array | undefined {
  const before: number[] = []
  for (let week = 1; week <= weeks; week += 1) {
    const same = day - weekdays * week
    if (same >= 0 && levels[same]! > 0) before.push(same)
  }
  if (before.length < weeksMin || !(levels[day]! > 0)) return undefined
  const shares = new Float64Array(before.length)
  return Float64Array.from({ length: steps }, (_, step) => {
    let found = 0
    for (const same of before) {
      const value = values[same * steps + step]!
      if (Number.isNaN(value)) continue
      shares[found] = value / levels[same]!
      found += 1
    }
    return found < weeksMin - 1 ? Number.NaN : midmean(shares.subarray(0, found)) * levels[day]!
  })
}

/** The mean of the middle half. Sorts `values`: they are so few that any other way takes longer. */
function midmean(values: Float64Array): number {
  for (let at = 1; at < values.length; at += 1) {
    const value = values[at]!
    let place = at
    while (place > 0 && values[place - 1]! > value) {
      values[place] = values[place - 1]!
      place -= 1
    }
    values[place] = value
  }
  const cut = Math.floor(values.length / 4)
  let sum = 0
  for (let at = cut; at < values.length - cut; at += 1) sum += values[at]!
  return sum / (values.length - 2 * cut)
}

function check({ steps, values, totals }: PastDays, options: Required<UsualBandsOptions>): void {
  const isWrong = (value: number): boolean => value < 0 || value === Infinity
  if (!(Number.isInteger(steps) && steps > 0) || values.length !== steps * totals.length) {
    throw new RapportError(
      'usual-bands.series',
      `values must be days × steps, got ${values.length} of ${totals.length} days with ${steps} steps`,
    )
  }
  if (values.some(isWrong) || totals.some((total) => isWrong(total) || Number.isNaN(total))) {
    throw new RapportError(
      'usual-bands.series',
      'values and totals must be finite and at least 0; only values may be NaN',
    )
  }
  const { weeks, calibrationDays, confidence, alarmDays, unit } = options
  const isShare = (share: number): boolean => share > 0 && share < 1
  if (
    !Number.isInteger(weeks) ||
    weeks < weeksMin ||
    !Number.isInteger(calibrationDays) ||
    calibrationDays < calibrationDaysMin
  ) {
    throw new RapportError(
      'usual-bands.options',
      `weeks must be a whole number of at least ${weeksMin}, calibrationDays of at least ${calibrationDaysMin}, got ${weeks} and ${calibrationDays}`,
    )
  }
  if (!isShare(confidence) || !isShare(alarmDays) || !(unit > 0 && unit < Infinity)) {
    throw new RapportError(
      'usual-bands.options',
      `confidence and alarmDays must be above 0 and below 1, unit above 0, got ${confidence}, ${alarmDays} and ${unit}`,
    )
  }
}
