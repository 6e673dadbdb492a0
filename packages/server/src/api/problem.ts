import { batchBytes, type Problem } from '@rapport/protocol'
import { PlacedError, RapportError } from '../base/index.ts'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  408: 'Too slow',
  409: 'Conflict',
  421: 'Misdirected request',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Our mistake',
  503: 'Not available now',
}

const statuses: Readonly<Record<string, number>> = {
  'api.key': 401,
  'api.session': 401,
  'access.invitation': 403,
  'access.login': 401,
  'access.last-owner': 409,
  'access.role': 409,
  'access.no-operator': 404,
  'access.no-key': 404,
  'access.rate': 429,
  'access.too-many-attempts': 429,
  'access.busy': 429,
  'api.host': 421,
  'api.origin': 403,
  'api.forbidden': 403,
  'segments.unknown': 404,
  'segments.new': 503,
  'segments.used': 409,
  'segments.list': 409,
  'segments.list-empty': 409,
  'features.undeclared': 404,
  'features.used': 409,
  'predictions.name': 404,
  'predictions.unusable': 409,
  'predictions.off': 409,
  'insights.customer': 404,
  'catalogue.not-found': 404,
  'consent.customer': 404,
  'consent.erasure': 404,
  'identity.moved': 404,
  'sources.not-found': 404,
  'sources.no-secret': 404,
  'api.not-found': 404,
  'plan.undeclared': 404,
  'ingestion.signature': 401,
  'ingestion.webhook': 404,
  'segments.receiver': 404,
  'api.size': 413,
  'api.media-type': 415,
  'api.busy': 429,
  'api.slow': 408,
  'ingestion.busy': 429,
  'ingestion.closed': 503,
  'ingestion.disk-full': 503,
  'ingestion.disk': 503,
  'warehouse.disk-full': 503,
  'warehouse.memory': 503,
  'state.disk-full': 503,
  'state.unreachable': 503,
}

export function problem(status: number, code: string, detail: string, pointer?: string): Problem {
  const title = titles[status] ?? 'Error'
  return { type: 'about:blank', title, status, detail, code, ...(pointer === undefined ? {} : { pointer }) }
}

/** The problem that an error is to the client; of a mistake of ours it learns nothing but that there was one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RapportError) {
    const pointer = error instanceof PlacedError ? error.pointer : undefined
    return problem(statuses[error.code] ?? 400, error.code, error.message, pointer)
  }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string }
  if (statusCode === 413) return problem(413, 'api.size', `the body must have at most ${batchBytes} bytes, got more`)
  if (statusCode === 415) return problem(415, 'api.media-type', 'the body must be application/json or text/plain')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return problem(statusCode, `api.${(code ?? 'request').toLowerCase()}`, message ?? 'the request must be well formed')
  }
  return problem(500, 'api.failure', 'the request could not be answered: the server’s log says why')
}
