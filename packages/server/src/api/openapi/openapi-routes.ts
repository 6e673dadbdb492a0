import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { pagePolicy } from '../security-headers.ts'
import { docsPage } from './docs-page.ts'
import { type OpenApiDocument, openApiDocument } from './openapi-document.ts'
import type { RouteDocument } from './route-documents.ts'

/** The documents of every route, for programs and for people. @param routes filled while the server is put together */
export function openApiRoutes(routes: readonly RouteDocument[]) {
  return async (server: FastifyInstance): Promise<void> => {
    let made: OpenApiDocument | undefined
    const document = (): OpenApiDocument => {
      made ??= openApiDocument(routes)
      return made
    }
    const json = {
      access: 'public',
      ...{ summary: 'This document', answers: { 200: z.looseObject({ openapi: z.string() }) } },
    } as const
    server.get('/openapi.json', { config: json }, async () => document())
    const style = readFileSync(new URL('./docs.css', import.meta.url), 'utf8')
    const sheet = { access: 'public', summary: 'How the page looks', answers: { 200: 'text/css' } } as const
    server.get('/docs/style.css', { config: sheet }, async (_, reply) =>
      reply.type('text/css; charset=utf-8').send(style),
    )
    const page = { access: 'public', summary: 'This document to read', answers: { 200: 'text/html' } } as const
    server.get('/docs', { config: page }, async (_, reply) =>
      reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(docsPage(document())),
    )
  }
}
