import type { Random } from '@rapport/numerics'
import { drawCustomer } from './population.ts'
import { lineCode } from './record.ts'
import { browse, order, type Shop, sourceOf } from './visit.ts'

const guestOrders = 0.12
const corrections = 0.002

/** Visits and orders of people whom the shop does not know: a few for each customer, and the odd manual correction. */
export function passBy(shop: Shop, index: number, random: Random): void {
  const visitor = { customer: -1, latent: drawCustomer(shop.scenario, random), nextSession: 1_000_000_000 + index * 20 }
  const source = sourceOf(shop, visitor.latent, random)
  const visits = Math.min(15, random.poisson(1.2))
  for (let visit = 0; visit < visits; visit += 1)
    browse(shop, visitor, random.integer(shop.calendar.days), source, random)
  if (random.uniform() < guestOrders) order(shop, visitor, random.integer(shop.calendar.days), source, random)
  if (random.uniform() < corrections) {
    const seconds = shop.calendar.midnight[random.integer(shop.calendar.days - 1)]! + 15 * 3600
    const cents = -(500 + random.integer(20_000))
    shop.record.lines.append(-1, visitor.nextSession + 1, lineCode.manual, 1, cents, 0, 2, 0, seconds, -1)
  }
}
