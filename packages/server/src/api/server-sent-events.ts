import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { RapportError } from '../base/index.ts'

/** As the HTML standard has it: an event of a stream that a browser reads with `EventSource`. */
export interface ServerSentEvent {
  /** What a reader says it had last when it comes again (`Last-Event-ID`); one line. */
  readonly id?: string
  /** Its kind; one line. */
  readonly event: string
  /** Written as JSON. */
  readonly data: unknown
}

export interface EventStreamOptions {
  /** Readers at once; more are refused. Default 100. */
  readonly readersMax?: number
  /** Bytes that may wait for a reader who is slower than what comes; who lets more wait is cut. Default 1 million. */
  readonly waitingMax?: number
  /** A line that says nothing is written this often, so that nobody in between takes the connection for dead, ms. Default 15,000. */
  readonly heartbeatMs?: number
  /**
   * After so long a stream is ended, ms: readers come again by themselves, and whether they still may is looked at then.
   * Default 15 minutes.
   */
  readonly longestMs?: number
}

/** One reader's stream of events. */
export interface EventStream {
  /** Writes an event; to a reader who has gone nothing happens. */
  send(event: ServerSentEvent): void
  /** Writes what `textOf` made once for many readers. */
  write(text: string): void
  readonly isOpen: boolean
  /** Resolves when there is room for more, or the reader has gone: for whoever has much to send. */
  room(): Promise<void>
  close(): void
}

/** An event as it is on the wire. */
export const textOf = ({ id, event, data }: ServerSentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/**
 * The streams of a server's route: so many readers at most, each cut when it is too slow, and all ended when the server
 * ends, which would wait for them.
 */
export class EventStreams {
  private readonly streams = new Set<OpenStream>()
  private readonly readersMax: number
  private readonly waitingMax: number
  private readonly longestMs: number
  private readonly timer: NodeJS.Timeout

  constructor(server: FastifyInstance, options: EventStreamOptions = {}) {
    const { readersMax = 100, waitingMax = 1_000_000, heartbeatMs = 15_000 } = options
    this.longestMs = options.longestMs ?? 15 * 60_000
    this.readersMax = readersMax
    this.waitingMax = waitingMax
    this.timer = setInterval(() => {
      for (const stream of this.streams) stream.write(': still here\n\n')
    }, heartbeatMs)
    this.timer.unref()
    server.addHook('preClose', async () => {
      clearInterval(this.timer)
      for (const stream of this.streams) stream.close()
    })
  }

  get readers(): number {
    return this.streams.size
  }

  /**
   * Answers with a stream.
   *
   * @param onClose told once, when the reader has gone or was cut
   * @throws RapportError `api.busy` when there are too many readers
   */
  open(reply: FastifyReply, onClose: () => void = () => undefined): EventStream {
    if (this.streams.size >= this.readersMax) {
      throw new RapportError('api.busy', `at most ${this.readersMax} may read this at once, as many do`)
    }
    const end = setTimeout(() => stream.close(), this.longestMs)
    const stream = new OpenStream(this.waitingMax, () => {
      clearTimeout(end)
      this.streams.delete(stream)
      onClose()
    })
    this.streams.add(stream)
    // Whoever goes before anything was written would not be noticed.
    reply.raw.once('close', () => stream.close())
    // Proxies must not gather what comes; browsers must not keep it.
    reply.type('text/event-stream').headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    reply.send(stream.body)
    // How soon a browser tries again once the stream ends, ms.
    stream.write('retry: 2000\n\n')
    return stream
  }
}

class OpenStream implements EventStream {
  readonly body: PassThrough
  isOpen = true
  private readonly waitingMax: number
  private readonly onClose: () => void

  constructor(waitingMax: number, onClose: () => void) {
    this.waitingMax = waitingMax
    this.onClose = onClose
    this.body = new PassThrough({ highWaterMark: 16_384 })
    this.body.on('close', () => this.close())
    this.body.on('error', () => this.close())
  }

  send(event: ServerSentEvent): void {
    this.write(textOf(event))
  }

  write(text: string): void {
    if (!this.isOpen) return
    this.body.write(text)
    if (this.body.readableLength + this.body.writableLength > this.waitingMax) this.cut()
  }

  async room(): Promise<void> {
    if (!this.isOpen || !this.body.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      // Both are taken off again: whoever has much to send waits often, and the stream is closed once.
      const goOn = (): void => {
        this.body.off('drain', goOn).off('close', goOn)
        resolve()
      }
      this.body.on('drain', goOn).on('close', goOn)
    })
  }

  close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.body.end()
    this.onClose()
  }

  /** What waits is let go of. */
  private cut(): void {
    this.isOpen = false
    this.body.destroy()
    this.onClose()
  }
}
