import { readQueries, type Warehouse } from '../warehouse/index.ts'
import type { Method } from './recommenders.ts'

const query = readQueries(new URL('./queries.sql', import.meta.url))

/** One entry of a customer's list, best first. */
export interface RecommendedProduct {
  readonly productId: string
  readonly name: string
  /** The method's own scale; 0 where a popular product fills the list. */
  readonly score: number
  /** The past purchase that speaks most for it; null where none does. */
  readonly becauseProductId: string | null
  readonly because: string | null
  /** 'popularity' where too little is known of the customer. */
  readonly method: Method
  readonly modelId: string
}

export interface RelatedProduct {
  readonly productId: string
  readonly name: string
  /** Cosine of who bought them, or times as many orders with both as chance would give. */
  readonly score: number
  /** Orders that hold both; null for similar products. */
  readonly together: number | null
}

export interface RelatedPair extends RelatedProduct {
  readonly withProductId: string
  readonly withName: string
}

/** A customer's list; empty for one that the last run did not know. */
export const customerRecommendations = (warehouse: Warehouse, customerId: string): Promise<RecommendedProduct[]> =>
  warehouse.rows(query('customer_recommendations'), { customer_id: customerId })

/** Products that the same people buy, most similar first; empty for a product that nobody bought. */
export const similarProducts = (warehouse: Warehouse, productId: string): Promise<RelatedProduct[]> =>
  warehouse.rows(query('related_to'), { relation: 'similar', product_id: productId })

/** Products in the same orders as one product, or the strongest pairs of all; pairs that chance explains are not there. */
export function boughtTogether(warehouse: Warehouse, productId: string): Promise<RelatedProduct[]>
export function boughtTogether(warehouse: Warehouse): Promise<RelatedPair[]>
export function boughtTogether(warehouse: Warehouse, productId?: string): Promise<RelatedProduct[]> {
  if (productId === undefined) return warehouse.rows<RelatedPair>(query('strongest_pairs'))
  return warehouse.rows(query('related_to'), { relation: 'bought-together', product_id: productId })
}
