import type { Instant } from '../../base/index.ts'
import { dateAt, startOfDate } from '../../features/index.ts'

/** How a segment changed on one day of the store's calendar. */
export interface DaySize {
  /** '2026-03-29' */
  readonly day: string
  readonly entries: number
  readonly exits: number
  /** At the end of the day, or so far. */
  readonly size: number
}

const daysMax = 1100

/** What days were like on which somebody came or left; on the others a segment stays as large as it was. */
export class DaySizes {
  private readonly days: DaySize[]

  constructor(days: readonly DaySize[] = []) {
    this.days = [...days]
  }

  get all(): readonly DaySize[] {
    return this.days
  }

  /** @param day not before the latest one */
  record(day: string, isEntry: boolean, size: number): void {
    const last = this.days.at(-1)
    const before = last?.day === day ? last : { entries: 0, exits: 0 }
    const now = { day, size, entries: before.entries + (isEntry ? 1 : 0), exits: before.exits + (isEntry ? 0 : 1) }
    if (last?.day === day) this.days[this.days.length - 1] = now
    else this.days.push(now)
    if (this.days.length > daysMax) this.days.shift()
  }
}

/** Which day of a zone's calendar moments that follow each other lie on. */
export class DayOf {
  private readonly zone: string
  private day = ''
  private from = Number.POSITIVE_INFINITY
  private until = Number.NEGATIVE_INFINITY

  /** @param zone IANA name */
  constructor(zone: string) {
    this.zone = zone
  }

  at(moment: Instant): string {
    if (moment < this.from || moment >= this.until) {
      const date = dateAt(this.zone, moment)
      this.day = [
        String(date.year).padStart(4, '0'),
        ...[date.month, date.day].map((part) => String(part).padStart(2, '0')),
      ].join('-')
      this.from = startOfDate(this.zone, date)
      this.until = startOfDate(this.zone, { ...date, day: date.day + 1 })
    }
    return this.day
  }
}
