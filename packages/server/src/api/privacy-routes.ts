import { customerExport, erasureList, erasureQuery, erasureReceipt, erasureSearch } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { recordAudit } from '../access/index.ts'
import type { Privacy } from '../consent/index.ts'
import type { State } from '../state/index.ts'
import { readMemberBodies } from './bodies/read-body.ts'
import { readQuery } from './read-query.ts'
import { actorOf } from './route-access.ts'

interface OfOne {
  readonly Params: { readonly id: string }
}

/** What a person may ask for: everything about them, and the end of it. */
export function privacyRoutes(privacy: Privacy, { queries }: State) {
  return async (server: FastifyInstance): Promise<void> => {
    readMemberBodies(server)
    const access = { scope: 'customers.erase', role: 'engineer' } as const
    const exported = { access, summary: 'Everything that is kept of one customer', answers: { 200: customerExport } }
    server.get<OfOne>('/customers/:id/export', { config: exported }, async (request, reply) => {
      const { id } = request.params
      const document = await privacy.export(id)
      await recordAudit(queries, { actor: actorOf(request), action: 'customers.export', target: { person: id } })
      return reply.header('content-disposition', 'attachment; filename="customer.json"').send(document)
    })
    const erased = {
      ...{ access, query: erasureQuery, answers: { 202: erasureReceipt } },
      summary: 'Erases a customer: from every read at once, from the files by dueAt',
    }
    server.delete<OfOne>('/customers/:id', { config: erased }, async (request, reply) => {
      const { id } = request.params
      const { suppress } = readQuery(request, erasureQuery)
      const receipt = await privacy.erase(id, { isSuppressed: suppress })
      const entry = { actor: actorOf(request), action: 'customers.erase', target: { person: id } }
      await recordAudit(queries, { ...entry, detail: { erasureId: receipt.erasureId } })
      return reply.code(202).header('location', `/v1/erasures/${receipt.erasureId}`).send(receipt)
    })
    const listed = {
      access,
      summary: 'Erasures, the newest first',
      query: erasureSearch,
      answers: { 200: erasureList },
    }
    server.get('/erasures', { config: listed }, async (request) => ({
      erasures: await privacy.erasures(readQuery(request, erasureSearch).limit),
    }))
    const one = { access, summary: 'The receipt of one erasure', answers: { 200: erasureReceipt } }
    server.get<OfOne>('/erasures/:id', { config: one }, ({ params }) => privacy.receipt(params.id))
  }
}
