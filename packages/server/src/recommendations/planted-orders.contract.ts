import { type Random, seededRandom } from '@rapport/numerics'
import { dayMs, type Instant } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

/** End of the planted history: 2025-06-30. */
export const plantedEnd: Instant = Date.UTC(2025, 5, 30)

export interface PlantedOrder {
  readonly customerId: string | null
  readonly at: Instant
  readonly products: readonly string[]
  /** Default 'sale'. */
  readonly kind?: 'sale' | 'cancellation'
}

/** Writes one line of one piece for each product of each order. */
export async function storeOrders(warehouse: Warehouse, orders: readonly PlantedOrder[], from = 0): Promise<void> {
  const lines = orders.flatMap((order, at) =>
    order.products.map((product) => ({ ...order, product, order: from + at })),
  )
  await warehouse.stage('planted', {
    number: Int32Array.from(lines, (_, at) => from * 1000 + at),
    order_number: Int32Array.from(lines, ({ order }) => order),
    customer_id: lines.map(({ customerId }) => customerId),
    product_id: lines.map(({ product }) => product),
    kind: lines.map(({ kind }) => kind ?? 'sale'),
    at: Float64Array.from(lines, ({ at }) => at),
  })
  await warehouse.run(`insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, description,
      quantity, unit_price_micros, amount_micros, currency, kind, ordinal, occurred_at, received_at)
    select number, 1, 'o' || order_number, customer_id, product_id, 'Product ' || product_id,
      case when kind = 'sale' then 1 else -1 end, 5000000, case when kind = 'sale' then 5000000 else -5000000 end, 'EUR',
      kind, 0, make_timestamptz((planted.at * 1000)::bigint), make_timestamptz((planted.at * 1000)::bigint)
    from planted`)
  await warehouse.run('drop table planted')
}

const pad = (number: number, digits: number): string => String(number).padStart(digits, '0')
export const productOf = (number: number): string => `p${pad(number, 3)}`
export const customerOf = (number: number): string => `c${pad(number, 4)}`

/**
 * Customers of two tastes, who buy from the even or from the odd products only, six orders each over 300 days.
 *
 * @param size products of an order, drawn without repetition
 */
export function shopOfTastes(customers: number, products: number, seed: number): PlantedOrder[] {
  const random = seededRandom(seed)
  return Array.from({ length: customers }, (_, customer) =>
    Array.from({ length: 6 }, () => ({
      customerId: customerOf(customer),
      at: plantedEnd - Math.floor(random.uniform() * 300 * dayMs),
      products: drawn(random, products / 2, 1 + random.integer(3)).map((number) =>
        productOf(2 * number + (customer % 2)),
      ),
    })),
  ).flat()
}

/** Orders of very different sizes whose products are drawn by a steep popularity, with nothing between them. */
export function randomBaskets(orders: number, products: number, seed: number): PlantedOrder[] {
  const random = seededRandom(seed)
  return Array.from({ length: orders }, (_, order) => ({
    customerId: customerOf(order % 400),
    at: plantedEnd - Math.floor(random.uniform() * 300 * dayMs),
    products: drawn(random, products, 1 + Math.floor(20 * random.uniform() ** 3)).map(productOf),
  }))
}

/** Different numbers below `below`, lower ones more often. */
function drawn(random: Random, below: number, count: number): number[] {
  const found = new Set<number>()
  while (found.size < Math.min(count, below)) found.add(Math.floor(below * random.uniform() ** 1.5))
  return [...found]
}
