import { dayMs, type Instant } from '../../base/index.ts'

/**
 * The moment that lies one period before another: what is older has been kept long enough. Months and years are the
 * calendar's, in UTC; where a month has no such day, its last one.
 *
 * @param period `90d`, `18m`, `7y`
 */
export function momentBefore(at: Instant, period: string): Instant {
  const n = Number(period.slice(0, -1))
  if (period.endsWith('d')) return at - n * dayMs
  const months = period.endsWith('y') ? 12 * n : n
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() - months)
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, days))
  return date.getTime()
}
