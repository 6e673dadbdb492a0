import type { FastifyInstance } from 'fastify'
import { type Sessions, sessionMs } from '../access/index.ts'
import { RapportError } from '../base/index.ts'
import { sessionCookie } from './request-keys.ts'

/** The link that opens a session. */
export function operatorRoutes(sessions: Sessions) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get<{ Params: { token: string } }>(
      '/open/:token',
      { config: { access: 'public', summary: 'Opens a session by a link that works once', answers: { 303: null } } },
      async ({ params, protocol }, reply) => {
        const secret = await sessions.accept(params.token)
        if (secret === undefined) {
          throw new RapportError('api.invitation', 'the link must be fresh and unused: rapport open makes a new one')
        }
        const secure = protocol === 'https' ? '; Secure' : ''
        const cookie = `${sessionCookie}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${sessionMs / 1000}${secure}`
        return reply.headers({ 'set-cookie': cookie, 'cache-control': 'no-store' }).redirect('/', 303)
      },
    )
  }
}
