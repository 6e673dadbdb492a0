import { holm } from '@rapport/learn'
import { hasTimeOfDay, type Rhythm, type Slots, slotChances } from './rhythm.ts'

/** When a segment buys, as a stand-in for when it would read. */
export interface Timing {
  /** Null when no weekday stands out. */
  readonly weekday: string | null
  /** Hours of the day, in the store's time zone: from 18 until 22; null when no hour stands out. */
  readonly from: number | null
  readonly until: number | null
  /** Share of the segment's orders expected there, shrunk towards everyone's. */
  readonly share: number
  readonly shopShare: number
  readonly words: string
}

/** A segment's timing, or why no time is better than another. */
export type TimingResult =
  | { readonly timing: Timing; readonly timingUnknownBecause: null }
  | { readonly timing: null; readonly timingUnknownBecause: string }

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const bandHours = 4

/**
 * Orders that everyone's hours weigh as much as: a segment with 200 orders speaks half for itself. Fewer would mostly
 * show chance.
 */
const priorOrders = 200

/**
 * In how many shops where every time is alike a time may be named all the same: 5 %, half of it for each of the two
 * kinds of segments. Within a kind the bound is Holm's, over all segments, weekdays and hours at once.
 */
const errorShare = 0.05 / 2
const shopErrorShare = 0.05

/**
 * The weekday and the hours in which each segment buys most, where they stand out from chance.
 *
 * Everyone's are named when they differ from an even spread, a segment's own only when they differ from everyone's.
 *
 * @param segments rhythms of segments that share no customer
 * @param shop the same of all of them together
 */
export function timingsOf(segments: readonly Rhythm[], shop: Rhythm): TimingResult[] {
  const all = total(shop.orders)
  if (all === 0) return segments.map(() => none('there are no orders to tell a time from'))
  const isTimed = hasTimeOfDay(shop)
  const claims = claimsOf(segments, shop, isTimed, errorShare)
  return segments.map((own, at) => {
    const day = chosen(own.weekdays, shop.weekdays, claims.weekdays, at)
    const band = isTimed ? chosen(own.bands, shop.bands, claims.bands, at) : undefined
    if (day === undefined && band === undefined) {
      return none(
        `no weekday${isTimed ? ' and no hour' : ' (the dates have no time of day)'} stands out: orders are spread as chance would spread them, so send when it suits`,
      )
    }
    return { timing: timingFrom(own, shop, day, band), timingUnknownBecause: null }
  })
}

/** When a shop's customers buy, as far as it stands out from an even spread. */
export interface ShopTiming {
  readonly weekday: string | null
  readonly from: number | null
  readonly until: number | null
  readonly words: string
}

/** The weekday and the four hours with the most orders, each only where it stands out from chance at 5 %. */
export function shopTiming(shop: Rhythm): ShopTiming {
  const isTimed = hasTimeOfDay(shop)
  const claims = claimsOf([], shop, isTimed, shopErrorShare)
  const day = total(shop.orders) === 0 ? undefined : chosen(shop.weekdays, shop.weekdays, claims.weekdays)
  const band = isTimed ? chosen(shop.bands, shop.bands, claims.bands) : undefined
  const weekday = day === undefined ? null : weekdays[day.slot]!
  const hours = hoursOf(band)
  const named = [
    ...(weekday === null ? [] : [`on ${weekday}s`]),
    ...(hours.from === null ? [] : [`from ${hours.from}:00 to ${hours.until}:00`]),
  ]
  const words =
    named.length > 0
      ? `More orders than an even spread would bring by chance come ${named.join(' and ')}`
      : `No weekday${isTimed ? ' and no four hours' : ''} stand out: orders are spread as chance would spread them`
  return { weekday, ...hours, words }
}

const none = (timingUnknownBecause: string): TimingResult => ({ timing: null, timingUnknownBecause })

interface Claims {
  /** Whether everyone's differ from an even spread. */
  readonly shop: boolean
  /** Per segment, whether its own differ from everyone's. */
  readonly own: readonly boolean[]
}

function claimsOf(
  segments: readonly Rhythm[],
  shop: Rhythm,
  isTimed: boolean,
  errorAllowed: number,
): { readonly weekdays: Claims; readonly bands: Claims } {
  const parts = isTimed ? ([slotsOf('weekdays'), slotsOf('bands')] as const) : ([slotsOf('weekdays')] as const)
  const tests = parts.map((of) => [
    slotChances(of(shop), even(of(shop).orders.length)),
    ...segments.map((own) => slotChances(of(own), sharesOf(of(shop)))),
  ])
  const adjusted = Array.from(holm(tests.flat(2)))
  const claims = tests.map((part) => {
    const found = part.map((chances) => adjusted.splice(0, chances.length).some((chance) => chance <= errorAllowed))
    return { shop: found[0]!, own: found.slice(1) }
  })
  return { weekdays: claims[0]!, bands: claims[1] ?? { shop: false, own: segments.map(() => false) } }
}

const slotsOf =
  (part: 'weekdays' | 'bands') =>
  (rhythm: Rhythm): Slots =>
    rhythm[part]

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
const even = (slots: number): number[] => new Array<number>(slots).fill(1 / slots)
const sharesOf = ({ orders }: Slots): number[] => orders.map((count) => count / total(orders))

interface Chosen {
  readonly slot: number
  /** Whether the segment's own, not everyone's. */
  readonly isOwn: boolean
}

/** @param at the segment's place; without one, the shop itself */
function chosen(own: Slots, shop: Slots, claims: Claims, at = -1): Chosen | undefined {
  const isOwn = claims.own[at] === true
  if (!isOwn && !claims.shop) return undefined
  const shares = isOwn ? shrunk(own.orders, shop.orders) : sharesOf(shop)
  return { slot: shares.indexOf(Math.max(...shares)), isOwn }
}

function shrunk(own: readonly number[], shop: readonly number[]): number[] {
  const n = total(own)
  const all = total(shop)
  return shop.map((count, slot) => ((own[slot] ?? 0) + (priorOrders * count) / all) / (n + priorOrders))
}

function timingFrom(own: Rhythm, shop: Rhythm, day: Chosen | undefined, band: Chosen | undefined): Timing {
  const isInside = (cell: number): boolean =>
    (day === undefined || Math.floor(cell / 6) === day.slot) && (band === undefined || cell % 6 === band.slot)
  const inside = (shares: readonly number[]): number => total(shares.filter((_, cell) => isInside(cell)))
  const { from, until } = hoursOf(band)
  const weekday = day === undefined ? null : weekdays[day.slot]!
  const when = `${weekday ?? 'Any day'}, ${from === null ? 'at any hour' : `${from}:00–${until}:00`}`
  return {
    weekday,
    from,
    until,
    share: inside(shrunk(own.orders, shop.orders)),
    shopShare: inside(shop.orders) / total(shop.orders),
    words: `${when}: ${whose(own, day, band)}, a stand-in for when they read`,
  }
}

function hoursOf(band: Chosen | undefined): { readonly from: number | null; readonly until: number | null } {
  if (band === undefined) return { from: null, until: null }
  return { from: band.slot * bandHours, until: (band.slot + 1) * bandHours }
}

function whose(own: Rhythm, day: Chosen | undefined, band: Chosen | undefined): string {
  if (day?.isOwn !== true && band?.isOwn !== true) {
    return 'when customers of the shop buy most (these do not differ from the others beyond chance)'
  }
  const orders = total(own.orders)
  const weight = Math.round((100 * orders) / (orders + priorOrders))
  return `when they buy most (${weight} % by their own ${orders.toLocaleString('en')} orders, the rest by everyone’s)`
}
