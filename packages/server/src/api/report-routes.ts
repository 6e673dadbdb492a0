import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'
import type { Warehouse } from '../warehouse/index.ts'
import type { OnFailure } from './answer-errors.ts'
import { answerWithPages, isFromBrowser } from './pages/answer-with-pages.ts'

/** The report, and the policy by which a browser runs and styles what it brings along, and nothing else. */
interface Report {
  readonly page: string
  readonly policy: string
  readonly changedMs: number
}

interface ReportParts {
  /** Path of the report. */
  readonly report: string
  readonly warehouse: Warehouse
  readonly onFailure: OnFailure
}

/** The report of the last analysis, for operators. */
export function reportRoutes({ report, warehouse, onFailure }: ReportParts) {
  return async (server: FastifyInstance): Promise<void> => {
    answerWithPages(server, { warehouse, onFailure, isFor: isFromBrowser })
    const config = {
      access: { role: 'viewer' },
      ...{ summary: 'The report of the last analysis', answers: { 200: 'text/html' } },
    } as const
    let last: Report | undefined
    server.get('/report', { config }, async (_, reply) => {
      last = await read(report, last)
      return reply.header('content-security-policy', last.policy).type('text/html; charset=utf-8').send(last.page)
    })
  }
}

async function read(file: string, last: Report | undefined): Promise<Report> {
  try {
    const { mtimeMs } = await stat(file)
    if (last?.changedMs === mtimeMs) return last
    const page = await readFile(file, 'utf8')
    return { page, policy: policyOf(page), changedMs: mtimeMs }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new RapportError('api.not-found', 'there must be a report, there is none yet: run rapport analyze')
  }
}

/**
 * The scripts that the report's own policy names, and its style by its hash. Attributes may style, as charts do: nothing
 * in them can be run or sent.
 */
function policyOf(page: string): string {
  // It stands in an attribute, where quotes are escaped.
  const own = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'")
  const scripts = /script-src ([^;]*)/.exec(own ?? '')?.[1] ?? "'none'"
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  return [
    `default-src 'none'; script-src ${scripts}; style-src 'sha256-${hash}'; style-src-attr 'unsafe-inline'`,
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ].join('; ')
}
