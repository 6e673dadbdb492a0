import type { FastifyInstance } from 'fastify'
import { openByInvitation } from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import { giveSession } from '../session-cookie.ts'

/** The link of `rapport start` and `rapport open`, which opens a session at once. */
export function openRoutes(state: State) {
  return async (server: FastifyInstance): Promise<void> => {
    const config = {
      access: 'public',
      ...{ summary: 'Opens a session by a link that works once', answers: { 303: null } },
    } as const
    // A HEAD, as of who previews links, must not use the link up.
    server.get<{ Params: { token: string } }>(
      '/open/:token',
      { config, exposeHeadRoute: false },
      async (request, reply) => {
        const secret = await openByInvitation(state, request.params.token)
        if (secret !== undefined) return giveSession(request, reply, secret).redirect('/', 303)
        throw new RapportError('access.invitation', 'the link must be fresh and unused: rapport open makes a new one')
      },
    )
  }
}
