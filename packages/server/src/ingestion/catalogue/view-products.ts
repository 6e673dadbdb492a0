import { type Instant, RapportError } from '../../base/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'

const query = readQueries(new URL('./catalogue.sql', import.meta.url))

/** A price, and when it held; `until` is null for the one that holds. */
export interface HeldPrice {
  readonly priceMicros: number
  readonly currency: string | null
  readonly from: Instant
  readonly until: Instant | null
}

/** Whether a product could be bought and how many there were, and when that held; null is not known. */
export interface HeldStock {
  readonly isAvailable: boolean | null
  readonly stock: number | null
  readonly from: Instant
  readonly until: Instant | null
}

export interface ListedProduct {
  readonly productId: string
  readonly name: string | null
  readonly category: string | null
  readonly brand: string | null
  readonly priceMicros: number | null
  readonly currency: string | null
  readonly isAvailable: boolean | null
  readonly stock: number | null
  /** Why this code is no product, where it is none. */
  readonly nonProductRule: string | null
}

export interface ProductView extends ListedProduct {
  readonly unitCostMicros: number | null
  readonly attributes: unknown
  readonly knownAt: Instant | null
  readonly lastSoldAt: Instant | null
  /** The newest first, at most 1000. */
  readonly prices: readonly HeldPrice[]
  readonly stocks: readonly HeldStock[]
}

const mostHeld = 1000

/** @throws RapportError `catalogue.not-found` */
export async function viewProduct(warehouse: Warehouse, productId: string): Promise<ProductView> {
  const of = { product: productId, limit: mostHeld }
  const [found] = await warehouse.rows<Omit<ProductView, 'prices' | 'stocks'> & { attributes: string | null }>(
    query('one'),
    { product: productId },
  )
  if (!found) throw new RapportError('catalogue.not-found', `there must be such a product, got ${productId}`)
  return {
    ...found,
    attributes: found.attributes === null ? null : JSON.parse(found.attributes),
    prices: await warehouse.rows<HeldPrice>(query('prices'), of),
    stocks: await warehouse.rows<HeldStock>(query('stock'), of),
  }
}

/** @returns undefined when no price is known of that time */
export async function priceAsOf(warehouse: Warehouse, productId: string, at: Instant): Promise<HeldPrice | undefined> {
  const [held] = await warehouse.rows<HeldPrice>(query('price_as_of'), { product: productId, at: { instant: at } })
  return held
}

/** Which part of a list, in the order of the products’ codes. */
export interface ProductPart {
  /** The code that the last part ended with; '' begins at the first. */
  readonly after: string
  readonly limit: number
}

/** A part of a list; `next` is `after` for the next one, null on the last. */
export interface ProductPage<Product> {
  readonly products: readonly Product[]
  readonly next: string | null
}

/** @param search start of a code, part of a name; '' finds all */
export const findProducts = (
  warehouse: Warehouse,
  { search, ...part }: ProductPart & { readonly search: string },
): Promise<ProductPage<ListedProduct>> => pageOf(warehouse, 'find', part, { search })

/** A product that costs less than it did. */
export interface PriceDrop {
  readonly productId: string
  readonly priceMicros: number
  readonly beforeMicros: number
  readonly currency: string | null
  /** Since when it has had the price that holds. */
  readonly since: Instant
}

/** Products that cost less now than they did at `since`. */
export const priceDropsSince = (
  warehouse: Warehouse,
  since: Instant,
  part: ProductPart,
): Promise<ProductPage<PriceDrop>> => pageOf(warehouse, 'price_drops', part, { since: { instant: since } })

/** Products that can be bought again, and were not to be had until some moment after `since`. */
export const backInStockSince = (
  warehouse: Warehouse,
  since: Instant,
  part: ProductPart,
): Promise<ProductPage<{ readonly productId: string; readonly since: Instant }>> =>
  pageOf(warehouse, 'back_in_stock', part, { since: { instant: since } })

async function pageOf<Product extends { readonly productId: string }>(
  warehouse: Warehouse,
  name: string,
  { after, limit }: ProductPart,
  parameters: Readonly<Record<string, string | { readonly instant: Instant }>>,
): Promise<ProductPage<Product>> {
  const found = await warehouse.rows<Product>(query(name), { ...parameters, after, limit: limit + 1 })
  const products = found.slice(0, limit)
  return { products, next: found.length > limit ? products.at(-1)!.productId : null }
}
