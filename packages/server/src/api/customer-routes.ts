import { customerPage, customerProfile, customerSearch, timelinePage, timelineSearch } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { storedFeatures } from '../features/index.ts'
import { findCustomers, profileCustomer, timelineOf, viewCustomer } from '../insights/index.ts'
import { customerNow, type LiveCopy } from '../segments/index.ts'
import type { State } from '../state/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import { readQuery } from './read-query.ts'

interface One {
  readonly Params: { readonly id: string }
}

/** What is known of customers. @param live the copy that serves just now */
export function customerRoutes(warehouse: Warehouse, state: State, live: () => LiveCopy) {
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
    server.get<One>('/customers/:id', { config: one }, async ({ params }) => {
      const profile = await profileCustomer(warehouse, state, params.id)
      const definitions = (await storedFeatures(state.queries)).map(({ definition }) => definition)
      return { ...profile, now: customerNow(live().standing(), definitions, profile.customerId) }
    })
    const happened = {
      access,
      summary: 'What a customer did, the latest first, a page at a time',
      query: timelineSearch,
      answers: { 200: timelinePage },
    }
    server.get<One>('/customers/:id/timeline', { config: happened }, async (request) => {
      const asked = readQuery(request, timelineSearch)
      const { customerId } = await viewCustomer(warehouse, request.params.id)
      return timelineOf(warehouse, customerId, asked)
    })
  }
}
