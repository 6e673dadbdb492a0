import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { readAudit } from '../access/index.ts'
import type { State } from '../state/index.ts'
import { readQuery } from './read-query.ts'

const search = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.string().max(64).optional(),
  actor: z.string().max(64).optional(),
  action: z.string().max(64).optional(),
  target: z.string().max(64).optional(),
})

/** Who did what. */
export function auditRoutes({ queries }: State) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get('/audit', { config: { access: { scope: 'admin', role: 'owner' } } }, async (request) => ({
      entries: await readAudit(queries, readQuery(request, search)),
    }))
  }
}
