import type { Random } from '@rapport/numerics'
import type { Calendar } from './calendar.ts'
import type { Catalogue } from './catalogue.ts'
import { type LatentCustomer, pickProduct, pickShare } from './population.ts'
import { type DemoRecord, eventCode, lineCode } from './record.ts'
import type { Scenario } from './scenario.ts'

/** Everything that the story of one shop needs; the same for all of its customers. */
export interface Shop {
  readonly scenario: Scenario
  readonly catalogue: Catalogue
  readonly calendar: Calendar
  readonly record: DemoRecord
}

/** Who is shopping: a customer, or nobody known (customer −1), with the number of the next session. */
export interface Visitor {
  readonly customer: number
  readonly latent: LatentCustomer
  nextSession: number
}

const missing = -1

/** A local hour of this type's habit on this day, as seconds since 1970 UTC. */
export function momentOn(shop: Shop, latent: LatentCustomer, day: number, random: Random): number {
  const { calendar } = shop
  const hours = calendar.habits[latent.type]!.hours
  const start = calendar.weekday[day]! * 24
  let left = random.uniform()
  let hour = 0
  while (hour < 23) {
    left -= hours[start + hour]!
    if (left < 0) break
    hour += 1
  }
  return calendar.midnight[day]! + hour * 3600 + random.integer(3600)
}

/** One visit, written event by event; time passes between them. */
class Visit {
  readonly #shop: Shop
  readonly #visitor: Visitor
  readonly #random: Random
  readonly #source: number
  readonly session: number
  seconds: number

  constructor(shop: Shop, visitor: Visitor, seconds: number, source: number, random: Random) {
    this.#shop = shop
    this.#visitor = visitor
    this.#random = random
    this.#source = source
    this.session = visitor.nextSession
    visitor.nextSession += 1
    this.seconds = seconds
  }

  add(kind: number, product = missing, cents = missing, detail = missing): void {
    const seconds = Math.min(this.seconds, this.#shop.calendar.endSeconds - 1)
    this.#shop.record.events.append(
      this.#visitor.customer,
      kind,
      seconds,
      this.session,
      product,
      cents,
      this.#source,
      missing,
      missing,
      detail,
    )
    this.seconds += 8 + this.#random.integer(110)
  }
}

export const sourceOf = (shop: Shop, latent: LatentCustomer, random: Random): number => {
  const weights = shop.scenario.types[latent.type]!.sources
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return pickShare(
    weights.map((weight) => weight / total),
    random,
  )
}

/** A look around without a cart. */
export function browse(shop: Shop, visitor: Visitor, day: number, source: number, random: Random, notBefore = 0): void {
  const seconds = Math.max(notBefore, momentOn(shop, visitor.latent, day, random))
  const visit = new Visit(shop, visitor, seconds, source, random)
  visit.add(random.uniform() < 0.6 ? eventCode.home : eventCode.category)
  const views = random.poisson(1.3)
  for (let view = 0; view < views; view += 1) {
    const product = pickProduct(shop.catalogue, visitor.latent, day, random)
    visit.add(eventCode.viewed, product, shop.catalogue.products[product]!.cents)
  }
}

/** A cart that is left behind. */
export function abandon(shop: Shop, visitor: Visitor, day: number, random: Random): void {
  const { latent } = visitor
  const visit = new Visit(shop, visitor, momentOn(shop, latent, day, random), sourceOf(shop, latent, random), random)
  const adds = 1 + random.poisson(0.3)
  for (let add = 0; add < adds; add += 1) {
    const product = pickProduct(shop.catalogue, latent, day, random)
    const { cents } = shop.catalogue.products[product]!
    visit.add(eventCode.viewed, product, cents)
    visit.add(eventCode.added, product, cents)
    if (add > 0 && random.uniform() < 0.3) visit.add(eventCode.removed, product, cents)
  }
  if (random.uniform() < 0.35) visit.add(eventCode.checkout)
}

/** An order as the rest of the story needs it. */
export interface Bought {
  readonly session: number
  readonly seconds: number
  readonly day: number
  readonly source: number
  readonly products: readonly number[]
  readonly paidCents: readonly number[]
}

/** A visit that ends in an order: events, and the order's lines as the shop records them. */
export function order(
  shop: Shop,
  visitor: Visitor,
  day: number,
  source: number,
  random: Random,
  notBefore = 0,
): Bought {
  const { scenario, catalogue, calendar } = shop
  const { latent } = visitor
  const type = scenario.types[latent.type]!
  const arrived = Math.max(notBefore, momentOn(shop, latent, day, random))
  const visit = new Visit(shop, visitor, arrived, source, random)
  visit.add(eventCode.home)
  const products: number[] = []
  const paidCents: number[] = []
  const lineTotal = 1 + random.poisson(latent.extraLines)
  const discountChance = calendar.isPromotion[day] ? type.discounted.promotion : type.discounted.usual
  for (let line = 0; line < lineTotal; line += 1) {
    const product = pickProduct(catalogue, latent, day, random)
    const { cents } = catalogue.products[product]!
    if (random.uniform() < 0.5) {
      const seen = pickProduct(catalogue, latent, day, random)
      visit.add(eventCode.viewed, seen, catalogue.products[seen]!.cents)
    }
    visit.add(eventCode.viewed, product, cents)
    visit.add(eventCode.added, product, cents)
    products.push(product)
    paidCents.push(random.uniform() < discountChance ? Math.round(cents * (1 - scenario.discountShare)) : cents)
  }
  visit.add(eventCode.checkout)
  const seconds = Math.min(visit.seconds, calendar.endSeconds - 1)
  const sum = paidCents.reduce((a, b) => a + b, 0)
  visit.add(eventCode.completed, missing, sum, visit.session)
  const bought = { session: visit.session, seconds, day, source, products, paidCents }
  recordLines(shop, visitor.customer, bought, sum, random)
  return bought
}

function recordLines(shop: Shop, customer: number, bought: Bought, sum: number, random: Random): void {
  const { scenario, catalogue, record } = shop
  const { session, seconds, source } = bought
  const write = (product: number, cents: number, discount: number, kind: number, ordinal: number): void => {
    record.lines.append(customer, session, product, 1, cents, discount, kind, ordinal, seconds, source)
  }
  bought.products.forEach((product, line) => {
    const paid = bought.paidCents[line]!
    write(product, paid, catalogue.products[product]!.cents - paid, 0, ordinalOf(bought, line))
    // The till writes a line twice now and then.
    if (random.uniform() < 0.003) write(product, paid, catalogue.products[product]!.cents - paid, 0, 1000 + line)
  })
  if (sum < scenario.freeShippingFrom * 100) write(lineCode.shipping, Math.round(scenario.shippingFee * 100), 0, 0, 0)
  if (random.uniform() < 0.006) write(lineCode.giftCard, 2500, 0, 0, 0)
}

/** The how-manieth equal line of its order this is. */
const ordinalOf = (bought: Bought, line: number): number =>
  bought.products.filter(
    (product, before) =>
      before < line && product === bought.products[line] && bought.paidCents[before] === bought.paidCents[line],
  ).length
