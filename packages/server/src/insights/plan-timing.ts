/** When a segment buys, as a stand-in for when it would read. */
export interface Timing {
  readonly weekday: string
  /** Hours of the day, in the store's time zone: from 18 until 22. */
  readonly from: number
  readonly until: number
  /** Share of the segment's orders expected there, shrunk towards everyone's. */
  readonly share: number
  readonly shopShare: number
  readonly words: string
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const bandHours = 4

/**
 * Orders that everyone's hours weigh as much as: a segment with 200 orders speaks half for itself. Forty-two bands from
 * fewer orders would mostly show chance.
 */
const priorOrders = 200

/**
 * The weekday and four hours in which a segment buys most, its own orders shrunk towards everyone's.
 *
 * @param hours `[7 × 6]` the segment's orders; `shopHours` everyone's
 * @returns undefined when the shop has no orders at all
 */
export function bestTiming(hours: readonly number[], shopHours: readonly number[]): Timing | undefined {
  const own = hours.reduce((sum, count) => sum + count, 0)
  const all = shopHours.reduce((sum, count) => sum + count, 0)
  if (all === 0) return undefined
  const shares = shopHours.map((count, at) => ((hours[at] ?? 0) + (priorOrders * count) / all) / (own + priorOrders))
  const best = shares.indexOf(Math.max(...shares))
  const from = (best % 6) * bandHours
  const weekday = weekdays[Math.floor(best / 6)]!
  const weight = own / (own + priorOrders)
  return {
    weekday,
    from,
    until: from + bandHours,
    share: shares[best]!,
    shopShare: shopHours[best]! / all,
    words: `${weekday}, ${from}:00–${from + bandHours}:00: when they buy (${Math.round(weight * 100)} % their own ${own} orders, the rest everyone’s), taken as a proxy for when they read`,
  }
}
