import { RapportError } from '../base/index.ts'
import { readQueries, type Warehouse } from '../warehouse/index.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

export interface RecommendedProduct {
  readonly productId: string
  readonly name: string
  readonly score: number
  /** The customer's own product that speaks most for it; null for none, and where popular products stand in. */
  readonly becauseProductId: string | null
}

export interface RelatedProduct {
  readonly productId: string
  readonly name: string
  readonly score: number
  /** Orders that hold both; null for similar products. */
  readonly together: number | null
}

/**
 * What to show a customer next; popular products where nothing is known of them.
 *
 * @throws RapportError `recommendations.customer` when nothing in the store names the customer
 */
export async function customerRecommendations(warehouse: Warehouse, customerId: string): Promise<RecommendedProduct[]> {
  const own = await warehouse.rows<RecommendedProduct>(query('for_customer'), { id: customerId })
  if (own.length > 0) return own
  const [known] = await warehouse.rows<{ is_known: unknown }>(query('is_customer'), { id: customerId })
  if (known?.is_known) return warehouse.rows<RecommendedProduct>(query('popular'))
  throw new RapportError(
    'recommendations.customer',
    `the customer must be named by an order, event or import, got ${customerId}`,
  )
}

/** Products bought by the same customers. @throws RapportError `recommendations.product` for an unknown product */
export const similarProducts = (warehouse: Warehouse, productId: string): Promise<RelatedProduct[]> =>
  related(warehouse, 'similar', productId)

/** Products in the same orders. @throws RapportError `recommendations.product` for an unknown product */
export const boughtTogether = (warehouse: Warehouse, productId: string): Promise<RelatedProduct[]> =>
  related(warehouse, 'bought-together', productId)

async function related(warehouse: Warehouse, relation: string, id: string): Promise<RelatedProduct[]> {
  const [known] = await warehouse.rows<{ is_known: unknown }>(query('is_product'), { id })
  if (known?.is_known) return warehouse.rows<RelatedProduct>(query('related'), { relation, id })
  throw new RapportError('recommendations.product', `the product must be in an order or the catalogue, got ${id}`)
}
