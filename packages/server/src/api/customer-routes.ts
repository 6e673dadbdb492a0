import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { standingsOf } from '../consent/index.ts'
import { receivedIdOf } from '../identity/index.ts'
import { findCustomers, timelineOf, viewCustomer } from '../insights/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readQuery } from './read-query.ts'

const search = z.strictObject({
  search: z.string().trim().max(200).default(''),
  after: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** What is known of customers. */
export function customerRoutes(warehouse: Warehouse, state: State) {
  return async (server: FastifyInstance): Promise<void> => {
    const config = { access: { scope: 'customers.read', role: 'viewer' } } as const
    server.get('/customers', { config }, (request) => findCustomers(warehouse, readQuery(request, search)))
    server.get<{ Params: { id: string } }>('/customers/:id', { config }, async ({ params }) => {
      const { queries } = state
      const [view, timeline, identities] = await Promise.all([
        viewCustomer(warehouse, params.id),
        timelineOf(warehouse, params.id),
        queries.selectFrom('identities').selectAll().where('customer_id', '=', params.id).orderBy('identity').execute(),
      ])
      const received = identities.map(({ identity }) => receivedIdOf(identity))
      const standings = await standingsOf(state, received.length > 0 ? received : [params.id])
      return { ...view, timeline, standings, identities: identities.map(({ identity, why }) => ({ identity, why })) }
    })
  }
}
