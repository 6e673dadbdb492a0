import { batchBytes } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'

/**
 * Bounds the room that bodies take which are still coming: who sends many at once and slowly must not fill the memory.
 *
 * @param mostBytes of all requests together
 */
export function limitBodies(server: FastifyInstance, mostBytes: number): void {
  let bytes = 0
  server.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return done()
    // For a body whose length is not said, as much is set aside as it may have.
    const said = Number(request.headers['content-length'] ?? batchBytes)
    const room = Number.isFinite(said) ? Math.min(said, batchBytes) : batchBytes
    if (bytes > 0 && bytes + room > mostBytes) {
      return done(new RapportError('api.busy', `at most ${mostBytes} bytes of requests may be on their way, got more`))
    }
    bytes += room
    // Once, however it ends: answered, cut off, or out of time.
    reply.raw.once('close', () => {
      bytes -= room
    })
    done()
  })
}
