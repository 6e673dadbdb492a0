import type { Random } from '@rapport/numerics'
import { dayAt } from './calendar.ts'
import type { LatentCustomer } from './population.ts'
import { eventCode } from './record.ts'
import { textCode } from './texts.ts'
import { abandon, type Bought, browse, order, type Shop, sourceOf, type Visitor } from './visit.ts'

/** What became of a customer until the end of the history. */
export interface Life {
  /** The day of the first order, or of signing up for those who never bought. */
  readonly firstDay: number
  /** The day after whose order the customer left for good; Infinity while alive. */
  readonly lastDay: number
  readonly hasBought: boolean
  readonly orders: readonly Bought[]
}

const secondsPerDay = 86_400

/** Shops grow: a customer is this much more likely to come on the last day than on the first. */
export const growth = 1.6

/** Share of people in the customer list who never bought. */
const neverBought = 0.07

/**
 * Orders, carts, visits, returns and what the customer writes, from the first order to the end.
 *
 * A customer leaves with chance `dropout` after every order, the first included, and orders at `ratePerDay` on the
 * type's clock until then.
 *
 * Source: Batislam, Denizel & Filiztekin, "Empirical validation and comparison of models for customer base analysis",
 * Int. J. Research in Marketing 24(3), 2007 (the MBG/NBD process).
 */
export function live(shop: Shop, visitor: Visitor, random: Random): Life {
  const { latent } = visitor
  const { days, habits } = shop.calendar
  const { clock, intensity } = habits[latent.type]!
  const firstDay = arrivalDay(shop, latent, random)
  const hasBought = random.uniform() >= neverBought
  const orderDays: number[] = []
  let lastDay = hasBought ? Infinity : firstDay
  let reading = clock[firstDay]! + random.uniform() * intensity[firstDay]!
  while (hasBought) {
    const day = dayAt(clock, reading)
    if (day >= days) break
    orderDays.push(day)
    if (random.uniform() < latent.dropout) {
      lastDay = day
      break
    }
    reading += random.exponential(latent.ratePerDay)
  }
  const orders = orderDays.map((day) => order(shop, visitor, day, sourceOf(shop, latent, random), random))
  for (const bought of orders) aftermath(shop, visitor, bought, random)
  visits(shop, visitor, firstDay, Math.min(lastDay, days), random)
  return { firstDay, lastDay, hasBought, orders }
}

function arrivalDay(shop: Shop, latent: LatentCustomer, random: Random): number {
  const { days, habits } = shop.calendar
  const { clock } = habits[latent.type]!
  for (;;) {
    const day = dayAt(clock, random.uniform() * clock[days]!)
    if (random.uniform() * growth < 1 + ((growth - 1) * day) / days) return day
  }
}

/** Carts left behind and visits without one: while alive in step with the orders, a tenth of that after. */
function visits(shop: Shop, visitor: Visitor, firstDay: number, aliveUntil: number, random: Random): void {
  const { scenario, calendar } = shop
  const { latent } = visitor
  const { clock } = calendar.habits[latent.type]!
  const perOrder: readonly [number, (day: number) => void][] = [
    [scenario.abandonedPerOrder, (day) => abandon(shop, visitor, day, random)],
    [scenario.browsesPerOrder, (day) => browse(shop, visitor, day, sourceOf(shop, latent, random), random)],
  ]
  // Whoever orders once looks around before; whoever is gone still passes by.
  const start = Math.max(0, firstDay - 10)
  const end = Math.max(aliveUntil, Math.min(calendar.days, firstDay + 10))
  const alive = clock[end]! - clock[start]!
  const gone = clock[calendar.days]! - clock[end]!
  for (const [ratio, go] of perOrder) {
    const early = random.poisson(0.8)
    for (let visit = 0; visit < early; visit += 1) go(Math.max(0, firstDay - random.integer(8)))
    for (let left = random.poisson(latent.ratePerDay * ratio * alive); left > 0; left -= 1) {
      go(Math.min(calendar.days - 1, dayAt(clock, clock[start]! + random.uniform() * alive)))
    }
    for (let left = random.poisson(0.1 * latent.ratePerDay * ratio * gone); left > 0; left -= 1) {
      go(Math.min(calendar.days - 1, dayAt(clock, clock[end]! + random.uniform() * gone)))
    }
  }
}

/** Returns, reviews, tickets after an order. */
export function aftermath(shop: Shop, visitor: Visitor, bought: Bought, random: Random): void {
  const { scenario, calendar, record } = shop
  const type = scenario.types[visitor.latent.type]!
  const end = calendar.endSeconds
  let refunded = 0
  let refundedAt = 0
  bought.products.forEach((product, line) => {
    const isReturned = random.uniform() < type.returned
    const later = bought.seconds + (3 + random.integer(18)) * secondsPerDay + random.integer(secondsPerDay)
    const cents = bought.paidCents[line]!
    if (isReturned) {
      if (refundedAt === 0) refundedAt = later
      if (refundedAt < end) {
        refunded += cents
        const ordinal = bought.products.slice(0, line).filter((other) => other === product).length
        record.lines.append(
          visitor.customer,
          bought.session,
          product,
          -1,
          cents,
          0,
          1,
          ordinal,
          refundedAt,
          bought.source,
        )
      }
    }
    if (random.uniform() < 0.07 && later < end) {
      const mood = random.uniform() < (isReturned ? 0.8 : type.unhappy) ? 0 : random.uniform() < 0.3 ? 1 : 2
      const rating = mood === 0 ? 1 + random.integer(2) : mood === 1 ? 3 : 4 + random.integer(2)
      write(shop, visitor.customer, eventCode.reviewed, later, product, textCode('review', mood, random), rating)
    }
  })
  if (refunded > 0) {
    record.events.append(visitor.customer, eventCode.refunded, refundedAt, -1, -1, refunded, -1, -1, -1, bought.session)
  }
  const asked = bought.seconds + (1 + random.integer(12)) * secondsPerDay + random.integer(secondsPerDay)
  if (random.uniform() < (refunded > 0 ? 0.2 : 0.06) && asked < end) {
    const mood = random.uniform() < type.unhappy * 1.8 ? 0 : random.uniform() < 0.8 ? 1 : 2
    const product = bought.products[0]!
    write(shop, visitor.customer, eventCode.ticket, asked, product, textCode('ticket', mood, random), -1)
  }
}

function write(
  shop: Shop,
  customer: number,
  kind: number,
  seconds: number,
  product: number,
  body: number,
  detail: number,
): void {
  shop.record.events.append(customer, kind, seconds, -1, product, -1, -1, -1, body, detail)
}
