import type { Life } from './life.ts'
import { expectedOrders, orderValueOf } from './population.ts'
import type { CustomerTruth } from './truth.ts'
import type { Shop, Visitor } from './visit.ts'

/** The id of a customer by number, as in the store. */
export const customerIdOf = (customer: number): string => `c${String(customer + 1).padStart(6, '0')}`

/** What the simulator knows of a customer, with the expected value after the history's end. */
export function truthOf(shop: Shop, visitor: Visitor, life: Life): CustomerTruth {
  const { scenario, catalogue, calendar } = shop
  const { latent } = visitor
  const { clock } = calendar.habits[latent.type]!
  const isAlive = life.hasBought && life.lastDay === Infinity
  const orderValue = orderValueOf(scenario, catalogue, scenario.types[latent.type]!, latent)
  const expected = (days: number): number =>
    isAlive
      ? expectedOrders(latent.ratePerDay, latent.dropout, clock[calendar.days + days]! - clock[calendar.days]!)
      : 0
  const orders180 = expected(180)
  const orders365 = expected(365)
  return {
    customerId: customerIdOf(visitor.customer),
    type: latent.type,
    ordersPerYear: rounded(latent.ratePerDay * 365),
    dropout: rounded(latent.dropout),
    leftAt: life.hasBought && !isAlive ? calendar.midnight[life.lastDay]! * 1000 : null,
    isAlive,
    hasBought: life.hasBought,
    orderValue: rounded(orderValue),
    orders180: rounded(orders180),
    orders365: rounded(orders365),
    value180: rounded(orders180 * orderValue),
    value365: rounded(orders365 * orderValue),
    categories: Array.from(latent.categories, rounded),
    tiers: Array.from(latent.tiers, rounded),
    styles: Array.from(latent.styles, rounded),
  }
}

const rounded = (value: number): number => Number(value.toPrecision(6))
