import { movementList, movementSearch, movementStream } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { loggable, RapportError } from '../base/index.ts'
import { followMovements, type KeptMovement, type LiveCopy, toldOf } from '../segments/index.ts'
import { readQuery } from './read-query.ts'
import { EventStreams } from './server-sent-events.ts'

/** Who came into live segments and left them: page by page, and as it happens. */
export function movementRoutes(live: () => LiveCopy) {
  return async (server: FastifyInstance): Promise<void> => {
    const streams = new EventStreams(server)
    const access = { scope: 'customers.read', role: 'viewer' } as const
    const wantedOf = (segments: readonly string[] | undefined) => {
      const ids = segments && new Set(segments)
      return (movement: KeptMovement): boolean =>
        (ids === undefined || ids.has(movement.segment)) && live().mayTell(movement)
    }
    const list = {
      ...{ access, query: movementSearch, answers: { 200: movementList } },
      summary: 'Who came into live segments and left them, in the order in which it was told',
    }
    server.get('/movements', { config: list }, async (request) => {
      const { after, limit, segment } = readQuery(request, movementSearch)
      const { movements, through } = await live().journal.after(after, limit)
      return { movements: movements.filter(wantedOf(segment)).map(toldOf), through }
    })
    const stream = {
      ...{ access, query: movementStream, answers: { 200: 'text/event-stream' } },
      summary:
        'The same as it happens, as server-sent events; a reader who connects again with Last-Event-ID misses nothing',
    }
    server.get('/live/movements', { config: stream }, async (request, reply) => {
      const { after, segment } = readQuery(request, movementStream)
      const { journal } = live()
      const from = lastSeenBy(request) ?? after ?? journal.lastTold
      const isWanted = wantedOf(segment)
      const gone = new AbortController()
      const reader = streams.open(reply, () => gone.abort())
      const send = async (): Promise<void> => {
        for await (const movements of followMovements(journal, from, gone.signal)) {
          for (const movement of movements) {
            const told = toldOf(movement)
            if (isWanted(movement)) reader.send({ event: told.type, id: String(told.number), data: told })
          }
          await reader.room()
        }
      }
      send().catch((error) => {
        request.log.error({ failure: loggable(error) }, 'a stream of movements ended')
        reader.close()
      })
      return reply
    })
  }
}

/** @throws RapportError `api.query` when it is none that this server gave */
function lastSeenBy({ headers }: FastifyRequest): number | undefined {
  const id = headers['last-event-id']
  if (id === undefined || id === '') return undefined
  const number = Number(id)
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw new RapportError('api.query', 'Last-Event-ID must be the id of an event of this stream, it is not')
}
