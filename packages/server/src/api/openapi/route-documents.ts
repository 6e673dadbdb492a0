import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { RapportError } from '../../base/index.ts'
import type { Access } from '../route-access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it does, in one line. */
    summary?: string
    /** What may stand after the question mark. */
    query?: z.ZodType
    /** What the body must be; text is the media type of one that is not JSON. */
    body?: z.ZodType | string
    /** What it answers when all went well, by status; text is a media type, null no body, a list what the caller chooses from. */
    answers?: Readonly<Record<number, Answer>>
  }
}

export type Answer = z.ZodType | string | null | readonly (z.ZodType | string)[]

/** A route as the documents have it. */
export interface RouteDocument {
  readonly method: string
  /** `/v1/customers/:id` */
  readonly path: string
  readonly access: Access
  readonly summary: string
  readonly query?: z.ZodType | undefined
  readonly body?: z.ZodType | string | undefined
  readonly answers: Readonly<Record<number, Answer>>
}

/** Collects what every route says of itself; one that says nothing cannot be added. */
export function collectRoutes(server: FastifyInstance): readonly RouteDocument[] {
  const routes: RouteDocument[] = []
  server.addHook('onRoute', ({ method, url, config }) => {
    const { access, summary, query, body, answers } = config ?? {}
    if (access === undefined || summary === undefined || answers === undefined) {
      throw new RapportError(
        'api.undeclared',
        `${method} ${url} must declare its access, summary and answers in its config, it does not`,
      )
    }
    for (const each of [method].flat()) {
      // Fastify answers HEAD wherever it answers GET.
      if (each !== 'HEAD') routes.push({ method: each, path: url, access, summary, query, body, answers })
    }
  })
  return routes
}
