import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'

/** How much is logged: a line for each request from `info` on, what went wrong on our side from `error` on. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/**
 * One JSON line for each answer. Not a word about a person or a secret: the pattern of the route instead of the path, no
 * query, no body, no header, no address; who asks is an operator's or a key's id.
 */
export function logRequests(server: FastifyInstance): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions, caller } = request
    const line = {
      ...{ method, route: routeOptions.url ?? 'none', status: reply.statusCode },
      ...{ ms: Math.round(reply.elapsedTime), caller: caller?.id ?? null },
    }
    request.log.info(line, 'answered')
    done()
  })
}

/** A failure as it may be logged: what is quoted in its message may be of a person. */
export function loggable(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { kind: typeof error }
  const { name, message, stack } = error
  const code = error instanceof RapportError || 'code' in error ? String((error as { code?: unknown }).code) : undefined
  const at = stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { name, code, message: withoutValues(message), at: at?.map((line) => line.trim()).slice(0, 12) }
}

const withoutValues = (message: string): string =>
  message
    .replace(/(["'`“‘])(?:(?!\1)[^\n])*["'`”’]/g, '…')
    .replace(/[^\s@]+@[^\s@]+/g, '…')
    .replace(/\b(got|value)\b:?\s+.*/gs, '$1 …')
    .replace(/\b(rk|wk)_[\w-]+/g, '…')
    .slice(0, 300)
