import type { FastifyInstance } from 'fastify'
import { RapportError } from '../base/index.ts'

/** A body whose length is not said may be as long as this: so much is set aside for it. */
const unsaidBytes = 512_000

/**
 * Bounds the room that bodies take which are still coming: who sends many at once and slowly must not fill the memory.
 *
 * @param mostBytes of all requests together
 */
export function limitBodies(server: FastifyInstance, mostBytes: number): void {
  let bytes = 0
  server.addHook('onRequest', (request, reply, done) => {
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return done()
    const said = Number(request.headers['content-length'] ?? unsaidBytes)
    const room = Number.isFinite(said) ? Math.min(said, unsaidBytes) : unsaidBytes
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
