import { RapportError } from '../base/index.ts'

/** What the operator can act on becomes a `RapportError`; a mistake of ours in a query stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'SQLITE_FULL' || code === '53100') {
    return new RapportError('state.disk-full', `the disk must have room for the state store, got: ${error.message}`, {
      cause: error,
    })
  }
  if (unreachable.has(code) || /timeout exceeded when trying to connect/.test(error.message)) {
    return new RapportError('state.unreachable', `PostgreSQL must answer, got: ${error.message || code}`, {
      cause: error,
    })
  }
  if (code.startsWith('28') || code === '3D000') {
    return new RapportError('state.refused', `PostgreSQL must let rapport in, got: ${error.message}`, { cause: error })
  }
  return error
}

/** No host, nobody listening, cut off, shutting down. */
const unreachable = new Set(['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ETIMEDOUT', '57P01', '57P03'])
