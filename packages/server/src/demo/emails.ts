import type { Random } from '@rapport/numerics'
import { aftermath, type Life } from './life.ts'
import { emailSource, eventCode } from './record.ts'
import { browse, order, type Shop, type Visitor } from './visit.ts'

/** Share of the eligible that each campaign leaves out at random. */
export const holdOutShare = 0.1

const secondsPerDay = 86_400
const sendSecond = 9 * 3600

/**
 * Campaigns to a customer who agreed to email, until unsubscribed. Each one leaves out a tenth at random; for the
 * others it adds visits and orders with the chance of the type, and never moves orders that would have come anyway.
 * Customers who are gone still visit by it, less often, and never order.
 *
 * @param leavesAt seconds at which the customer withdraws every consent, Infinity when never
 * @returns seconds at which the customer unsubscribed, or −1
 */
export function receiveEmails(shop: Shop, visitor: Visitor, life: Life, leavesAt: number, random: Random): number {
  const { scenario, calendar } = shop
  const type = scenario.types[visitor.latent.type]!
  let campaign = Math.ceil((life.firstDay + 1) / scenario.campaignEveryDays)
  for (; ; campaign += 1) {
    const day = campaign * scenario.campaignEveryDays
    if (day >= calendar.days - 1) return -1
    const sentAt = calendar.midnight[day]! + sendSecond
    if (sentAt >= leavesAt) return -1
    const tell = (kind: number, seconds: number): void => {
      if (seconds < calendar.endSeconds) {
        shop.record.events.append(visitor.customer, kind, seconds, -1, -1, -1, -1, campaign, -1, -1)
      }
    }
    if (random.uniform() < holdOutShare) {
      tell(eventCode.heldOut, sentAt)
      continue
    }
    tell(eventCode.sent, sentAt)
    const isAlive = day <= life.lastDay && life.hasBought
    const comes = random.uniform() < type.emailLift.visit * (isAlive ? 1 : 0.6)
    const buys = random.uniform() < (isAlive ? type.emailLift.order : 0)
    const openedAt = sentAt + Math.min(Math.floor(random.exponential(1 / 20_000)), 2 * secondsPerDay)
    if (comes || buys || random.uniform() < type.email.open * (isAlive ? 1 : 0.6)) tell(eventCode.opened, openedAt)
    if (comes || buys || random.uniform() < 0.008) tell(eventCode.clicked, openedAt + 20 + random.integer(300))
    const visitDay = Math.min(day + random.integer(3) + (openedAt - sentAt > 50_000 ? 1 : 0), calendar.days - 1)
    if (comes) browse(shop, visitor, visitDay, emailSource, random, openedAt + 60)
    if (buys) aftermath(shop, visitor, order(shop, visitor, visitDay, emailSource, random, openedAt + 60), random)
    if (random.uniform() < (isAlive ? 0.003 : 0.006)) {
      tell(eventCode.unsubscribed, openedAt + 400)
      return openedAt + 400 < calendar.endSeconds ? openedAt + 400 : -1
    }
  }
}
