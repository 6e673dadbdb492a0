import { liveInsight } from '@rapport/protocol'
import type { FastifyInstance } from 'fastify'
import type { LiveInsight, LiveSnapshot } from '../insights/index.ts'
import { type EventStream, EventStreams, textOf } from './server-sent-events.ts'

type PartName = keyof LiveSnapshot

/** What is written to readers: made once for all of them, and only of what is another than before. */
class Broadcast {
  private readonly streams = new Set<EventStream>()
  /** The last of each part, as it is sent. */
  private readonly written = new Map<PartName, string>()
  private readonly insight: LiveInsight
  private quiet: (() => void) | undefined

  constructor(insight: LiveInsight) {
    this.insight = insight
  }

  /** Whoever comes, for the first time or again, is told all that is so now. */
  add(stream: EventStream): void {
    // What changed since the last look is news for those, too, who were there before.
    this.tell(this.insight.snapshot())
    stream.write([...this.written.values()].join(''))
    this.streams.add(stream)
    this.quiet ??= this.insight.listen((snapshot) => this.tell(snapshot))
  }

  remove(stream: EventStream): void {
    this.streams.delete(stream)
    if (this.streams.size > 0) return
    this.quiet?.()
    this.quiet = undefined
  }

  private tell(snapshot: LiveSnapshot): void {
    let changed = ''
    for (const part of Object.keys(snapshot) as PartName[]) {
      const text = textOf({ event: part, data: snapshot[part] })
      if (this.written.get(part) === text) continue
      this.written.set(part, text)
      changed += text
    }
    if (changed !== '') for (const stream of this.streams) stream.write(changed)
  }
}

/** What happens in the shop now, once or as a stream. */
export function liveInsightRoutes(insight: LiveInsight) {
  return async (server: FastifyInstance): Promise<void> => {
    const streams = new EventStreams(server)
    const broadcast = new Broadcast(insight)
    const config = {
      access: { scope: 'customers.read', role: 'viewer' },
      summary:
        'What happens in the shop now: events, sales today, customers. As server-sent events where text/event-stream is accepted: each field of the document is an event of its name, sent when it changes, all of them at the start',
      answers: { 200: [liveInsight, 'text/event-stream'] },
    } as const
    server.get('/live', { config }, async (request, reply) => {
      if (!String(request.headers.accept ?? '').includes('text/event-stream')) return insight.snapshot()
      const stream = streams.open(reply, () => broadcast.remove(stream))
      broadcast.add(stream)
      return reply
    })
  }
}
