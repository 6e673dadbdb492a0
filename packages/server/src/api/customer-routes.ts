import { customerPage, customerProfile, customerSearch } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { consentsOf } from '../consent/index.ts'
import { findCustomers, timelineOf, viewCustomer } from '../insights/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readQuery } from './read-query.ts'

/** What is known of customers. */
export function customerRoutes(warehouse: Warehouse, state: State) {
  return async (server: FastifyInstance): Promise<void> => {
    const access = { scope: 'customers.read', role: 'viewer' } as const
    const found = {
      access,
      summary: 'Customers, a page at a time',
      query: customerSearch,
      answers: { 200: customerPage },
    }
    server.get('/customers', { config: found }, (request) =>
      findCustomers(warehouse, readQuery(request, customerSearch)),
    )
    const one = { access, summary: 'Everything about one customer', answers: { 200: customerProfile } }
    server.get<{ Params: { id: string } }>('/customers/:id', { config: one }, async ({ params }) => {
      const { queries } = state
      const [view, timeline, identities] = await Promise.all([
        viewCustomer(warehouse, params.id),
        timelineOf(warehouse, params.id),
        queries.selectFrom('identities').selectAll().where('customer_id', '=', params.id).orderBy('identity').execute(),
      ])
      const { standings } = await consentsOf(warehouse, state, params.id)
      return { ...view, timeline, standings, identities: identities.map(({ identity, why }) => ({ identity, why })) }
    })
  }
}
