import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Sessions, sessionMs } from '../access/index.ts'
import { RapportError } from '../base/index.ts'

const cookieName = 'rapport_session'

/** @throws RapportError `api.session` when the request's browser was not opened by an operator's link */
export async function requireOperator(sessions: Sessions, request: FastifyRequest): Promise<void> {
  const secret = cookieOf(request.headers.cookie)
  if (secret !== undefined && (await sessions.isOpen(secret))) return
  throw new RapportError(
    'api.session',
    'this must be opened by the link that rapport start prints; rapport open makes a new one',
  )
}

/** The link that opens a session. */
export function operatorRoutes(sessions: Sessions) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get<{ Params: { token: string } }>('/open/:token', async ({ params, protocol }, reply) => {
      const secret = await sessions.accept(params.token)
      if (secret === undefined) {
        throw new RapportError('api.invitation', 'the link must be fresh and unused: rapport open makes a new one')
      }
      const secure = protocol === 'https' ? '; Secure' : ''
      const cookie = `${cookieName}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${sessionMs / 1000}${secure}`
      return reply.headers({ 'set-cookie': cookie, 'cache-control': 'no-store' }).redirect('/', 303)
    })
  }
}

function cookieOf(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=', 2)
    if (name === cookieName) return value
  }
  return undefined
}
