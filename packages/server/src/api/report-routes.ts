import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type { Sessions } from '../access/index.ts'
import { RapportError } from '../base/index.ts'
import { requireOperator } from './operator.ts'

/** The report brings everything along; nothing may be loaded from or sent to anywhere. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The report of the last analysis, for operators. @param file path of the report */
export function reportRoutes(file: string, sessions: Sessions) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get('/', async (request, reply) => {
      await requireOperator(sessions, request)
      let page: Buffer
      try {
        page = await readFile(file)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        throw new RapportError('api.not-found', 'there must be a report, there is none yet: run rapport analyze')
      }
      return reply
        .headers({ 'content-security-policy': policy, 'cache-control': 'no-store' })
        .type('text/html; charset=utf-8')
        .send(page)
    })
  }
}
