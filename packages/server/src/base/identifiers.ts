declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** A customer's id as the shop gives it; after identity resolution, one person. */
export type CustomerId = Branded<string, 'CustomerId'>
/** A product's id as the catalogue gives it. */
export type ProductId = Branded<string, 'ProductId'>
/** Number of one import, rising from 1. */
export type BatchId = Branded<number, 'BatchId'>

export const customerId = (id: string): CustomerId => id as CustomerId
export const productId = (id: string): ProductId => id as ProductId
export const batchId = (id: number): BatchId => id as BatchId
