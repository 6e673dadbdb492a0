import type { FastifyInstance, FastifyRequest } from 'fastify'
import { networkOf } from '../../access/index.ts'
import { RapportError } from '../../base/index.ts'
import { writeKeyOf } from '../request-keys.ts'
import { MemoryRoom, type RoomSize } from './memory-room.ts'
import { RequestRoom } from './request-room.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The memory that its body takes; null where there is none to come. */
    room: RequestRoom | null
  }
}

const withoutBody = new Set(['GET', 'HEAD', 'OPTIONS'])

/** How often it is looked at who is too slow, ms. */
const paceMs = 1000

export type BodyLimits = Readonly<Record<'arriving' | 'parsed', Omit<RoomSize, 'what'>>>

/**
 * 1.3 MB of JSON are worked on at once: what is made of it is soon garbage then, and collected as such, where four times as
 * much would be taken for something that stays. 41 MB wait for their turn: of the worst kind, for about 2 s.
 */
export const usualBodyLimits: BodyLimits = {
  arriving: { mostBytes: 64_000_000, mostWaiting: 0 },
  parsed: { mostBytes: 32_000_000, mostWaiting: 1_024_000_000 },
}

/**
 * Bounds the memory that bodies take, together and of each sender: those that come, by the bytes that have come, and what
 * they become when they are parsed. Nothing is set aside for what is only announced; nothing is read of a request that
 * leads nowhere, or whose key in the headers is wrong. Add it after the hooks that ask who sends.
 */
export function limitBodies(server: FastifyInstance, limits: BodyLimits = usualBodyLimits): void {
  const rooms = {
    arriving: new MemoryRoom({ ...limits.arriving, what: 'of requests may be on their way' }),
    parsed: new MemoryRoom({ ...limits.parsed, what: 'may be worked on' }),
  }
  const coming = new Set<RequestRoom>()
  const watch = setInterval(() => {
    for (const room of coming) room.checkPace()
  }, paceMs).unref()
  server.addHook('onClose', async () => clearInterval(watch))
  server.decorateRequest('room', null)
  server.addHook('onRequest', (request, _, done) => {
    const isNowhere = request.is404 && !withoutBody.has(request.method)
    done(isNowhere ? new RapportError('api.not-found', 'there must be something at this method and path') : undefined)
  })
  server.addHook('preParsing', (request, reply, _, done) => {
    if (withoutBody.has(request.method)) return done()
    const room = new RequestRoom(rooms, holdersOf(request), request.raw)
    request.room = room
    coming.add(room)
    request.raw.once('end', () => coming.delete(room))
    reply.raw.once('close', () => {
      coming.delete(room)
      room.cut()
    })
    done()
  })
  server.addHook('onSend', (request, _, payload, done) => {
    if (request.room) {
      coming.delete(request.room)
      request.room.answered()
      // A sender that is slow to read the answer must not keep what it sent in memory.
      request.body = undefined
    }
    done(null, payload)
  })
}

/** Whose shares a request takes: its address's, and its credential's, or the one of all who show none. */
function holdersOf({ ip, caller, headers }: FastifyRequest): readonly string[] {
  const key = caller?.id ?? writeKeyOf(headers.authorization, undefined) ?? 'nobody'
  return [`address ${networkOf(ip)}`, `key ${key}`]
}
