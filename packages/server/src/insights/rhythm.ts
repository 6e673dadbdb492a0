import { regularisedGamma } from '@rapport/numerics'

/** Orders in each slot of a week or a day, and how far the orders of one buyer go together. */
export interface Slots {
  /** `[slots]` */
  readonly orders: readonly number[]
  /** `[slots]` sum over buyers of their orders in the slot, squared. */
  readonly squares: readonly number[]
  /** `[slots]` sum over buyers of their orders in the slot times all of theirs. */
  readonly crossed: readonly number[]
  /** Sum over buyers of all their orders, squared. */
  readonly allSquared: number
}

/** When orders are placed, in the store's time zone. */
export interface Rhythm {
  /** `[7 × 6]` orders by weekday (Monday first) and four-hour band. */
  readonly orders: readonly number[]
  /** `[7]` */
  readonly weekdays: Slots
  /** `[6]` bands of four hours, from midnight. */
  readonly bands: Slots
}

/** A row of the queries `shop_rhythm` and `segment_rhythm`; null stands for all weekdays, or all bands. */
export interface RhythmRow {
  readonly weekday: number | null
  readonly band: number | null
  readonly orders: number
  readonly squares: number
  readonly crossed: number
}

export function rhythmFrom(rows: readonly RhythmRow[]): Rhythm {
  const all = rows.find(({ weekday, band }) => weekday === null && band === null)
  const joint = new Array<number>(42).fill(0)
  for (const { weekday, band, orders } of rows)
    if (weekday !== null && band !== null) joint[weekday * 6 + band] = orders
  return {
    orders: joint,
    weekdays: slotsFrom(
      rows.filter(({ band }) => band === null),
      7,
      ({ weekday }) => weekday,
      all?.squares ?? 0,
    ),
    bands: slotsFrom(
      rows.filter(({ weekday }) => weekday === null),
      6,
      ({ band }) => band,
      all?.squares ?? 0,
    ),
  }
}

function slotsFrom(
  rows: readonly RhythmRow[],
  slots: number,
  slotOf: (row: RhythmRow) => number | null,
  allSquared: number,
): Slots {
  const sums = { orders: zeros(slots), squares: zeros(slots), crossed: zeros(slots), allSquared }
  for (const row of rows) {
    const slot = slotOf(row)
    if (slot === null) continue
    sums.orders[slot] = row.orders
    sums.squares[slot] = row.squares
    sums.crossed[slot] = row.crossed
  }
  return sums
}

const zeros = (slots: number): number[] => new Array<number>(slots).fill(0)

/** The rhythms of groups that share no buyer, added up. */
export function addedUp(rhythms: readonly Rhythm[]): Rhythm {
  const sum = (length: number, of: (rhythm: Rhythm) => readonly number[]): number[] =>
    Array.from({ length }, (_, at) => rhythms.reduce((total, one) => total + (of(one)[at] ?? 0), 0))
  const slots = (length: number, of: (rhythm: Rhythm) => Slots): Slots => ({
    orders: sum(length, (one) => of(one).orders),
    squares: sum(length, (one) => of(one).squares),
    crossed: sum(length, (one) => of(one).crossed),
    allSquared: rhythms.reduce((total, one) => total + of(one).allSquared, 0),
  })
  return {
    orders: sum(42, (one) => one.orders),
    weekdays: slots(7, (one) => one.weekdays),
    bands: slots(6, (one) => one.bands),
  }
}

/** True when the dates have no time of day: every order lies in one band. */
export const hasTimeOfDay = ({ bands }: Rhythm): boolean => bands.orders.filter((orders) => orders > 0).length > 1

/**
 * The chance of at least so many orders in each slot, if each order fell into a slot with the chance given.
 *
 * Orders of one buyer go together, so counts vary more than independent orders would: the tail is that of a Poisson
 * count whose variance is scaled up to what is seen between buyers, never down.
 *
 * @param expected `[slots]` chance of each slot, adding up to 1
 * @returns `[slots]` one-sided, 1 where no more orders came than expected
 */
export function slotChances({ orders, squares, crossed, allSquared }: Slots, expected: readonly number[]): number[] {
  const n = orders.reduce((sum, count) => sum + count, 0)
  return orders.map((count, slot) => {
    const share = expected[slot]!
    const mean = n * share
    if (count <= mean) return 1
    if (mean === 0) return 0
    const seen = squares[slot]! - 2 * share * crossed[slot]! + share * share * allSquared
    const scale = Math.max(1, seen / (mean * (1 - share)))
    return regularisedGamma(count / scale, mean / scale)
  })
}
