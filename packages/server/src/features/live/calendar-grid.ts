import type { Instant } from '../../base/index.ts'
import { type CalendarUnit, calendarPeriod } from '../defined/calendar.ts'
import type { Window } from '../defined/plan.ts'
import type { Grid } from './grid.ts'

const hourMs = 3_600_000

interface Period {
  readonly from: Instant
  readonly until: Instant
}

/**
 * Buckets are periods of the calendar, numbered by the moment that they begin at. The calendar is slow to ask, and what it
 * says is kept: a few numbers a period.
 */
export function calendarGrid(zone: string, unit: CalendarUnit): Grid {
  const periods = new Periods(zone, unit)
  const agoOf = (window: Window): number => (window as Extract<Window, { kind: 'calendar' }>).ago
  return {
    bucketOf: (at) => periods.holding(at).from,
    first: (window, asOf) => periods.ago(agoOf(window), asOf).from,
    last: (window, asOf) => {
      const { from, until } = periods.ago(agoOf(window), asOf)
      // A day that a zone left out is empty and begins with the next one.
      return from === until ? -Infinity : from
    },
    // Which turn of the calendar it is that moves a bucket is not worth knowing: there are few of them.
    nextMove: (_window, _bucket, asOf) => periods.nextTurn(asOf),
    nextStep: (_window, asOf) => periods.nextTurn(asOf),
    oldest: (windows, asOf) => Math.min(...windows.map((window) => periods.ago(agoOf(window), asOf).from)),
  }
}

class Periods {
  private readonly zone: string
  private readonly unit: CalendarUnit
  /** In order, without gaps in what has been asked. */
  private readonly known: Period[] = []
  private latest: Period = { from: 0, until: 0 }
  private within: Period = { from: 0, until: 0 }
  private agoWithin = new Map<number, Period>()

  constructor(zone: string, unit: CalendarUnit) {
    this.zone = zone
    this.unit = unit
  }

  /** The period that a moment lies in. */
  holding(at: Instant): Period {
    if (at >= this.latest.from && at < this.latest.until) return this.latest
    let [low, high] = [0, this.known.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.known[middle]!.until <= at) low = middle + 1
      else high = middle
    }
    const found = this.known[low]
    if (found !== undefined && at >= found.from) {
      this.latest = found
      return found
    }
    const period = this.ask(at)
    this.known.splice(low, 0, period)
    this.latest = period
    return period
  }

  /** Where the clocks show midnight twice, what they show first is the day before's: its period is asked for by its moment. */
  private ask(at: Instant): Period {
    const shown = calendarPeriod(this.zone, this.unit, 0, at)
    if (at < shown.from) return calendarPeriod(this.zone, this.unit, 1, at)
    return at < shown.until ? shown : calendarPeriod(this.zone, this.unit, -1, at)
  }

  /** The period so many before the one that the clocks show. */
  ago(ago: number, asOf: Instant): Period {
    // Near the turn of a period the clocks may show another one than the moment lies in.
    if (asOf < this.within.from + 3 * hourMs || asOf >= this.within.until - 3 * hourMs) {
      this.within = this.holding(asOf)
      this.agoWithin = new Map()
      if (asOf < this.within.from + 3 * hourMs || asOf >= this.within.until - 3 * hourMs) {
        this.within = { from: 0, until: 0 }
        return this.agoNear(ago, asOf)
      }
    }
    let period = this.agoWithin.get(ago)
    if (period === undefined) {
      period = calendarPeriod(this.zone, this.unit, ago, asOf)
      this.agoWithin.set(ago, period)
    }
    return period
  }

  private second = Number.NaN
  private agoInSecond = new Map<number, Period>()

  private agoNear(ago: number, asOf: Instant): Period {
    const second = Math.floor(asOf / 1000)
    if (second !== this.second) {
      this.second = second
      this.agoInSecond = new Map()
    }
    let period = this.agoInSecond.get(ago)
    if (period === undefined) {
      period = calendarPeriod(this.zone, this.unit, ago, asOf)
      this.agoInSecond.set(ago, period)
    }
    return period
  }

  private readonly turns = new Map<Instant, Instant>()

  /** When the clocks next show another period. */
  nextTurn(asOf: Instant): Instant {
    const { from, until } = this.ago(0, asOf)
    // They have shown the midnight once, and will again; within minutes they may show the day before.
    if (asOf < from) return Math.min(from, (Math.floor(asOf / 60_000) + 1) * 60_000)
    let turn = this.turns.get(until)
    if (turn === undefined) {
      const shows = (moment: Instant): boolean => calendarPeriod(this.zone, this.unit, 0, moment).from === until
      turn = [2, 1, 0.5].map((hours) => until - hours * hourMs).find(shows) ?? until
      this.turns.set(until, turn)
    }
    return turn > asOf ? turn : until
  }
}
