import { dayMs, type Instant } from '../base/index.ts'
import type { CustomerType, Scenario } from './scenario.ts'

const secondsPerDay = 86_400
const futureDays = 365

/**
 * When customers of one type order: the intensity of each day (1 on average over a year) and of each hour.
 *
 * Orders are a Poisson process on the type's own clock, which runs fast on its busy days. `clock[day]` is the clock's
 * reading at the beginning of a day; the days after the history are there for expected values.
 */
export interface Habit {
  /** `[days + 365 + 1]`, rising. */
  readonly clock: Float64Array
  /** `[days + 365]` */
  readonly intensity: Float64Array
  /** `[7 × 24]` chance of each hour given the weekday, Monday first. */
  readonly hours: Float64Array
}

export interface Calendar {
  /** Days of history. */
  readonly days: number
  /** Seconds since 1970 UTC at which the history ends; nothing happens at or after it. */
  readonly endSeconds: number
  /** `[days + 365]` 1 in a promotion week. */
  readonly isPromotion: Uint8Array
  /** `[days + 365]` Monday is 0. */
  readonly weekday: Uint8Array
  /** `[days + 365]` seconds since 1970 UTC of local midnight. */
  readonly midnight: Float64Array
  /** `[types]` */
  readonly habits: readonly Habit[]
}

export function calendarOf(scenario: Scenario, until: Instant): Calendar {
  const days = scenario.days
  const all = days + futureDays
  const firstDay = Math.floor(until / dayMs) - days
  const isPromotion = new Uint8Array(all)
  const weekday = new Uint8Array(all)
  const midnight = new Float64Array(all)
  const month = new Uint8Array(all)
  for (let day = 0; day < all; day += 1) {
    const { monthOfYear, dayOfYear, isSummer } = civil(firstDay + day)
    month[day] = monthOfYear
    weekday[day] = (firstDay + day + 3) % 7
    midnight[day] = (firstDay + day) * secondsPerDay - (scenario.winterOffsetHours + (isSummer ? 1 : 0)) * 3600
    isPromotion[day] = scenario.promotionStarts.some((start) => dayOfYear >= start && dayOfYear < start + 7) ? 1 : 0
  }
  const habits = scenario.types.map((type) => habitOf(type, month, weekday, isPromotion))
  return { days, endSeconds: (firstDay + days) * secondsPerDay, isPromotion, weekday, midnight, habits }
}

function habitOf(type: CustomerType, month: Uint8Array, weekday: Uint8Array, isPromotion: Uint8Array): Habit {
  const intensity = Float64Array.from(
    month,
    (monthOfYear, day) =>
      type.months[monthOfYear]! * type.weekdays[weekday[day]!]! * (isPromotion[day] ? type.promotionPull : 1),
  )
  const lastYear = intensity.subarray(intensity.length - 365)
  const mean = lastYear.reduce((sum, value) => sum + value, 0) / lastYear.length
  const clock = new Float64Array(intensity.length + 1)
  intensity.forEach((value, day) => {
    intensity[day] = value / mean
    clock[day + 1] = clock[day]! + value / mean
  })
  return { clock, intensity, hours: hoursOf(type) }
}

/** At the weekend the peaks are an hour later and wider. A floor keeps every hour possible. */
function hoursOf(type: CustomerType): Float64Array {
  const hours = new Float64Array(7 * 24).fill(1)
  if (type.hours.length > 0) {
    for (let weekday = 0; weekday < 7; weekday += 1) {
      const isWeekend = weekday > 4
      for (let hour = 0; hour < 24; hour += 1) {
        const isNight = hour > 0 && hour < 6
        hours[weekday * 24 + hour] =
          (isNight ? 0.01 : 0.05) +
          type.hours.reduce((sum, peak) => {
            const apart = Math.abs(hour + 0.5 - peak.hour - (isWeekend ? 1 : 0))
            const distance = Math.min(apart, 24 - apart) / (peak.spread * (isWeekend ? 1.3 : 1))
            return sum + peak.weight * Math.exp(-0.5 * distance * distance)
          }, 0)
      }
    }
  }
  for (let weekday = 0; weekday < 7; weekday += 1) {
    const day = hours.subarray(weekday * 24, weekday * 24 + 24)
    const sum = day.reduce((total, value) => total + value, 0)
    day.forEach((value, hour) => {
      day[hour] = value / sum
    })
  }
  return hours
}

/** The day in which the clock shows `reading`; the number of known days when it never does. */
export function dayAt(clock: Float64Array, reading: number): number {
  let low = 0
  let high = clock.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (clock[middle + 1]! > reading) high = middle
    else low = middle + 1
  }
  return low
}

/** Month, day of the year and daylight saving (last Sunday of March to last Sunday of October) of a day since 1970. */
function civil(epochDay: number): { monthOfYear: number; dayOfYear: number; isSummer: boolean } {
  let year = 1970
  let dayOfYear = epochDay
  while (dayOfYear >= daysOfYear(year)) {
    dayOfYear -= daysOfYear(year)
    year += 1
  }
  // Days before each month; from March on a leap year has one more.
  const leap = daysOfYear(year) - 365
  const firsts = monthStarts.map((start, month) => start + (month > 1 ? leap : 0))
  const lastSundayBefore = (month: number): number => {
    const lastDay = epochDay - dayOfYear + firsts[month]! - 1
    return lastDay - ((lastDay + 4) % 7)
  }
  return {
    monthOfYear: firsts.findLastIndex((start) => start <= dayOfYear),
    dayOfYear,
    // Clocks change in the night after midnight: the day keeps the offset that it begins with.
    isSummer: epochDay > lastSundayBefore(3) && epochDay <= lastSundayBefore(10),
  }
}

const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const daysOfYear = (year: number): number => (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 366 : 365)
