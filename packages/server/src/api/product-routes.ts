import { productsUpsert, productUpsert } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { fit, RapportError } from '../base/index.ts'
import {
  backInStockSince,
  findProducts,
  priceAsOf,
  priceDropsSince,
  upsertProducts,
  viewProduct,
} from '../ingestion/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readJsonBodies } from './read-body.ts'
import { readQuery } from './read-query.ts'

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const search = z.strictObject({
  search: z.string().trim().max(200).default(''),
  after: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cheaper_since: moment.optional(),
  back_since: moment.optional(),
})

const asOf = z.strictObject({ at: moment.optional() })

/** The catalogue: what is known of products, and what their prices and stock were. */
export function productRoutes(warehouse: Warehouse) {
  return async (server: FastifyInstance): Promise<void> => {
    const read = { config: { access: { scope: 'products.write', role: 'viewer' } } } as const
    const write = { config: { access: { scope: 'products.write', role: 'engineer' } } } as const
    readJsonBodies(server)
    server.put('/products', write, ({ body }) => upsertProducts(warehouse, productsOf(body)))
    server.get('/products', read, (request) => {
      const { search: text, cheaper_since: cheaper, back_since: back, ...part } = readQuery(request, search)
      if ([text !== '', cheaper !== undefined, back !== undefined].filter(Boolean).length > 1) {
        throw new RapportError('api.query', 'the query must hold one of search, cheaper_since and back_since')
      }
      if (cheaper !== undefined) return priceDropsSince(warehouse, cheaper, part)
      if (back !== undefined) return backInStockSince(warehouse, back, part)
      return findProducts(warehouse, { search: text, ...part })
    })
    server.get<{ Params: { id: string } }>('/products/:id', read, async (request) => {
      const { at } = readQuery(request, asOf)
      const view = await viewProduct(warehouse, request.params.id)
      return at === undefined ? view : { ...view, priceAt: (await priceAsOf(warehouse, view.productId, at)) ?? null }
    })
  }
}

/** One product, or many. */
function productsOf(body: unknown) {
  const isMany = typeof body === 'object' && body !== null && 'products' in body
  return isMany
    ? fit(productsUpsert, body, 'catalogue.product').products
    : [fit(productUpsert, body, 'catalogue.product')]
}
