import {
  oneOrManyProducts,
  productAsOf,
  productDocument,
  productPage,
  productSearch,
  productsUpsert,
  productsUpserted,
  productUpsert,
} from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { fit } from '../base/index.ts'
import {
  backInStockSince,
  findProducts,
  priceAsOf,
  priceDropsSince,
  upsertProducts,
  viewProduct,
} from '../ingestion/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readJsonBodies } from './bodies/read-body.ts'
import { readQuery } from './read-query.ts'

/** The catalogue: what is known of products, and what their prices and stock were. */
export function productRoutes(warehouse: Warehouse) {
  return async (server: FastifyInstance): Promise<void> => {
    readJsonBodies(server)
    const put = {
      access: { scope: 'products.write', role: 'engineer' } as const,
      summary: 'Takes what is known of products; what is left out stays as it was',
      body: oneOrManyProducts,
      answers: { 200: productsUpserted },
    }
    server.put('/products', { config: put }, ({ body }) => upsertProducts(warehouse, productsOf(body)))
    const access = { scope: 'products.write', role: 'viewer' } as const
    const found = {
      access,
      summary: 'Products, a page at a time: all, found, cheaper or back in stock since a moment',
      query: productSearch,
      answers: { 200: productPage },
    }
    server.get('/products', { config: found }, async (request) => {
      const { search, cheaper_since: cheaper, back_since: back, ...part } = readQuery(request, productSearch)
      if (cheaper !== undefined) return priceDropsSince(warehouse, cheaper, part)
      if (back !== undefined) return backInStockSince(warehouse, back, part)
      return findProducts(warehouse, { search, ...part })
    })
    const one = {
      access,
      summary: 'A product with every price that it had, and its stock',
      query: productAsOf,
      answers: { 200: productDocument },
    }
    server.get<{ Params: { id: string } }>('/products/:id', { config: one }, async (request) => {
      const { at } = readQuery(request, productAsOf)
      const view = await viewProduct(warehouse, request.params.id)
      return at === undefined ? view : { ...view, priceAt: (await priceAsOf(warehouse, view.productId, at)) ?? null }
    })
  }
}

/** The union of both would say only that neither fits. */
function productsOf(body: unknown) {
  const isMany = typeof body === 'object' && body !== null && 'products' in body
  return isMany
    ? fit(productsUpsert, body, 'catalogue.product').products
    : [fit(productUpsert, body, 'catalogue.product')]
}
