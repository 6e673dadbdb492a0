import { auditLog, auditSearch } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { readAudit } from '../access/index.ts'
import type { State } from '../state/index.ts'
import { readQuery } from './read-query.ts'

/** Who did what. */
export function auditRoutes({ queries }: State) {
  return async (server: FastifyInstance): Promise<void> => {
    const config = {
      access: { scope: 'admin', role: 'owner' },
      ...{ summary: 'Who did what, the newest first', query: auditSearch, answers: { 200: auditLog } },
    } as const
    server.get('/audit', { config }, async (request) => ({
      entries: await readAudit(queries, readQuery(request, auditSearch)),
    }))
  }
}
