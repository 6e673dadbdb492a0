import { seededRandom } from '@rapport/numerics'
import { dayMs, type Instant } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'

/** End of the planted history: 2025-06-30. */
export const plantedEnd: Instant = Date.UTC(2025, 5, 30)

export interface PlantedSale {
  readonly customerId: string
  readonly at: Instant
  /** Default `at`. */
  readonly receivedAt?: Instant
  readonly source?: string
}

/** Writes one order of one line for each sale. */
export async function storeSales(warehouse: Warehouse, sales: readonly PlantedSale[], from = 0): Promise<void> {
  await warehouse.stage('planted', {
    number: Int32Array.from(sales, (_, at) => from + at),
    customer_id: sales.map(({ customerId }) => customerId),
    at: Float64Array.from(sales, ({ at }) => at),
    received: Float64Array.from(sales, ({ at, receivedAt }) => receivedAt ?? at),
    source: sales.map(({ source }) => source ?? null),
  })
  await warehouse.run(`insert into order_lines (line_key, batch_id, order_id, customer_id, product_id, quantity,
      unit_price_micros, amount_micros, currency, kind, ordinal, occurred_at, received_at, source)
    select number, 1, 'o' || number, customer_id, 'p' || (number % 7), 1, 10000000, 10000000, 'EUR', 'sale', 0,
      make_timestamptz((planted.at * 1000)::bigint), make_timestamptz((received * 1000)::bigint), source
    from planted`)
  await warehouse.run('drop table planted')
}

/**
 * A shop where one thing decides who lapses: customers who first came by 'ads' stop after a purchase four times in ten,
 * all others one time in fifty. Both come back after the same number of days while they do.
 */
export function shopWithDriver(customers: number, seed: number): PlantedSale[] {
  const random = seededRandom(seed)
  const sales: PlantedSale[] = []
  for (let customer = 0; customer < customers; customer += 1) {
    const source = random.uniform() < 0.5 ? 'ads' : 'organic'
    let at = plantedEnd - random.uniform() * 500 * dayMs
    while (at < plantedEnd) {
      sales.push({ customerId: `c${String(customer).padStart(5, '0')}`, at: Math.floor(at), source })
      if (random.uniform() < (source === 'ads' ? 0.4 : 0.02)) break
      at += (5 + random.uniform() * 40) * dayMs
    }
  }
  return sales
}
