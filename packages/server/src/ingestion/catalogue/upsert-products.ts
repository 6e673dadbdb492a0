import type { ProductUpsert } from '@rapport/protocol'
import { type Instant, MisfitError, now } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import { currencyOf, openBatch } from '../live/drain.ts'
import { currencyCodes } from '../mapping/currency-codes.ts'
import { unchangedProducts } from './unchanged-products.ts'

const query = readQueries(new URL('./catalogue.sql', import.meta.url))

/** What became of products: a row of history for each that changed, none for the others. */
export interface Upserted {
  readonly changed: number
  readonly unchanged: number
}

/** The batch of this process's upserts to a store; it can be listed and undone like an import. */
const batches = new WeakMap<Warehouse, number>()

/**
 * Takes what is known of products, all or nothing; on disk when it resolves.
 *
 * @throws MisfitError `catalogue.product` for a currency that is none or a moment that has not come
 */
export function upsertProducts(warehouse: Warehouse, products: readonly ProductUpsert[]): Promise<Upserted> {
  const receivedAt = now()
  for (const [index, product] of products.entries()) checkProduct(product, index, receivedAt)
  return warehouse.transaction(async () => {
    const currency = await currencyOf(warehouse)
    const rows = products.map((product, place) => ({ place, ...rowOf(product, receivedAt, currency) }))
    await warehouse.run(query('stage'), { products: JSON.stringify(rows) })
    try {
      await warehouse.run(`delete from upsert_rows where place in (${unchangedProducts('upsert_rows', ['place'])})`)
      const [left] = await warehouse.rows<{ n: number }>('select count(*) as n from upsert_rows')
      const changed = left!.n
      if (changed > 0) {
        const batch = await batchOf(warehouse)
        await warehouse.run(query('insert_staged'), { batch })
        await warehouse.run(query('count_batch'), { batch, read: products.length, accepted: changed })
      }
      return { changed, unchanged: products.length - changed }
    } finally {
      await warehouse.run(query('drop_staged'))
    }
  })
}

function checkProduct({ currency, known_at: knownAt }: ProductUpsert, index: number, receivedAt: Instant): void {
  if (currency && !currencyCodes.has(currency)) {
    throw new MisfitError(
      'catalogue.product',
      `/products/${index}/currency`,
      `must be a code of ISO 4217, got ${currency}`,
    )
  }
  const moment = knownAt ? Date.parse(knownAt) : receivedAt
  if (moment < 0 || moment > receivedAt) {
    const must = `must be a moment between 1970 and now, got ${knownAt}`
    throw new MisfitError('catalogue.product', `/products/${index}/known_at`, must)
  }
}

function rowOf(product: ProductUpsert, receivedAt: Instant, currency: string | null) {
  const { product_id, name, category, brand, price, unit_cost, is_available, stock, known_at, attributes } = product
  const hasMoney = (price ?? unit_cost ?? null) !== null
  return {
    ...{ product_id, name, category, brand, stock },
    known_at: known_at ? Date.parse(known_at) : receivedAt,
    price_micros: microsText(price),
    unit_cost_micros: microsText(unit_cost),
    currency: product.currency ?? (hasMoney ? currency : null),
    is_available: is_available ?? (typeof stock === 'number' ? stock > 0 : null),
    attributes: attributes ? JSON.stringify(attributes) : null,
  }
}

/** Below 9 · 10⁹ units, the nearest whole number of 10⁻⁶ is the amount as it was written. */
const microsText = (amount: number | null | undefined): string | null =>
  typeof amount === 'number' ? String(Math.round(amount * 1e6)) : null

async function batchOf(warehouse: Warehouse): Promise<number> {
  const own = batches.get(warehouse)
  if (own !== undefined && (await warehouse.rows(query('is_open'), { batch: own })).length > 0) return own
  const batch = await openBatch(warehouse, 'products')
  batches.set(warehouse, batch)
  return batch
}
