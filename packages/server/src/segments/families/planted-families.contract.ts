import { seededRandom } from '@rapport/numerics'
import { dayMs, type Instant } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { computeFeatures } from '../../features/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'

/** A Monday. */
export const plantedMoment: Instant = Date.UTC(2025, 5, 30)

const tastes = ['Shoes', 'Bags', 'Hats']

export interface Planted {
  readonly customers?: number
  /** The first who is put into the store, when those before are in it already. */
  readonly from?: number
  readonly kinds?: boolean
  readonly seed?: number
}

/**
 * A shop of customers of three kinds, by turns: each buys nine in ten times of one category, the first at a discount, the
 * third dear things. Without kinds everybody buys of everything.
 */
export async function plantShop(
  warehouse: Warehouse,
  { customers = 240, from = 0, kinds = true, seed = 1 }: Planted = {},
): Promise<void> {
  if (from === 0) {
    await profileEverybody(warehouse)
    await warehouse.run("insert into store_settings values ('timezone', 'UTC'), ('currency', 'EUR')")
  }
  const random = seededRandom(seed)
  const lines: {
    customer: string
    order: string
    product: string
    category: string
    price: number
    off: number
    at: number
  }[] = []
  for (let customer = 0; customer < customers; customer += 1) {
    const kind = customer % 3
    const orders = 4 + random.poisson(4)
    for (let order = 0; order < orders; order += 1) {
      const at = plantedMoment - (1 + random.integer(400)) * dayMs + random.integer(86_400) * 1000
      for (let line = 0; line < 2; line += 1) {
        const taste = kinds && random.uniform() < 0.9 ? kind : random.integer(3)
        const dear = kinds && kind === 2 ? 3 : 1
        const price = Math.round(20 * dear * Math.exp(0.2 * random.normal()))
        const off = random.uniform() < (kinds && kind === 0 ? 0.8 : 0.2) ? Math.round(price / 5) : 0
        if (customer < from) continue
        const product = `${tastes[taste]} ${random.integer(8)}`
        lines.push({
          customer: customerId(customer),
          order: `o${customer}-${order}`,
          product,
          category: tastes[taste]!,
          price,
          off,
          at,
        })
      }
    }
  }
  await warehouse.stage('planted', {
    customer_id: lines.map(({ customer }) => customer),
    order_id: lines.map(({ order }) => order),
    product_id: lines.map(({ product }) => product),
    category: lines.map(({ category }) => category),
    price: Float64Array.from(lines, ({ price }) => price),
    off: Float64Array.from(lines, ({ off }) => off),
    moment: Float64Array.from(lines, ({ at }) => at),
  })
  await warehouse.run(`insert into order_lines
    select (${from * 1000} + row_number() over ())::uhugeint, 1, order_id, customer_id, product_id, null, category, 1, (price * 1e6)::bigint,
      ((price - off) * 1e6)::bigint, (off * 1e6)::bigint, null, null, null, null, 'EUR', 'sale', 0, make_timestamptz((moment * 1000)::bigint),
      make_timestamptz((moment * 1000)::bigint), null, null
    from planted`)
  await warehouse.run('drop table planted')
  await computeFeatures(warehouse, { asOf: plantedMoment })
}

export const customerId = (customer: number): string => `c${String(customer).padStart(4, '0')}`
/** Which kind a customer was planted as. */
export const kindOf = (id: string): number => Number(id.slice(1)) % 3
