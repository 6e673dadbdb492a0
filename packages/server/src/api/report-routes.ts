import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'

/** The report brings everything along; nothing may be loaded from or sent to anywhere. */
const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The report of the last analysis, for operators. @param file path of the report */
export function reportRoutes(file: string) {
  return async (server: FastifyInstance): Promise<void> => {
    const config = {
      access: { role: 'viewer' },
      ...{ summary: 'The report of the last analysis', answers: { 200: 'text/html' } },
    } as const
    server.get('/', { config }, async (_, reply) => {
      let page: Buffer
      try {
        page = await readFile(file)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        throw new RapportError('api.not-found', 'there must be a report, there is none yet: run rapport analyze')
      }
      return reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(page)
    })
  }
}
