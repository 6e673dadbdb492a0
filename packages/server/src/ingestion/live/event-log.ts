import { setImmediate as turn } from 'node:timers/promises'
import { elapsedMs, type Instant, now, RapportError, servingMs } from '../../base/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import type { BadCall } from './check-call.ts'
import { currencyOf, cursorOf, isEmptyLog, keysAfter, openBatch, recoverLog } from './drain.ts'
import { KnownIds } from './known-ids.ts'
import { KnownKeys } from './known-keys.ts'
import type { LiveEvent } from './live-event.ts'
import { LogGroup, type LogMemory } from './log-group.ts'
import { Segment, type SegmentContent } from './segment.ts'
import { SegmentIntake } from './segment-intake.ts'
import { ShownIds } from './shown-ids.ts'
import type { WrittenEvent } from './written-event.ts'

export interface EventLogOptions {
  /** Characters of events that may wait for the disk before `append` refuses more. Default 64 million. */
  readonly mostWaiting?: number
  /** Ids kept in memory to know a repeated event by at once; older ones are found when it is taken in. Default 400,000. */
  readonly mostKnown?: number
  /** Told, once each time, of what keeps acknowledged events out of the warehouse. */
  readonly onFailure?: (error: unknown) => void
  /** Told of events that are on disk, before whoever sent them is; what it throws is told as a failure and holds nothing up. */
  readonly onWritten?: (events: readonly WrittenEvent[]) => void
}

/** What became of the events of one call. */
export interface Appended {
  readonly accepted: number
  /** Known at once to have been taken before: a sender that heard no answer sent them again. */
  readonly duplicates: number
}

/**
 * The way of live events into the log. They are acknowledged when they are on disk, in a segment file, so that no query
 * makes them wait; a moment later the warehouse takes the segment in.
 */
export interface EventLog {
  /**
   * Takes events, and calls that could not be taken into quarantine; on disk when it resolves. All that come while a
   * write runs share the next one.
   *
   * @throws RapportError `ingestion.busy` when too many wait already, `ingestion.disk-full`
   */
  append(events: readonly LiveEvent[], bad?: readonly BadCall[]): Promise<Appended>
  /** Resolves when every event that was acknowledged before is in the warehouse. */
  settle(): Promise<void>
  /** The position of the last event in the warehouse; positions grow and may leave some out. */
  readonly position: number
  /** Whether something keeps what is acknowledged out of the warehouse just now. */
  readonly isStuck: boolean
  /** How much waits for the disk, characters. */
  readonly waiting: number
  /** Forgets which ids came before: when some of them are erased, they are news again. */
  forgetIds(): void
  /** Resolves when everything is in the warehouse; `append` refuses from here on. */
  close(): Promise<void>
}

interface Request {
  readonly events: readonly LiveEvent[]
  readonly bad: readonly BadCall[]
  readonly size: number
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

/** How often the warehouse takes in what came, ms. */
const drainMs = 200
/** Places of the log whose events are read at the start, to know them again: more would make it wait. */
const mostRead = 100_000
/** A segment is closed when it has this many bytes even while the warehouse is busy. */
const segmentBytes = 32_000_000

export async function openEventLog(warehouse: Warehouse, options: EventLogOptions = {}): Promise<EventLog> {
  const onFailure = options.onFailure ?? ((error) => process.emitWarning(String(error)))
  await recoverLog(warehouse, onFailure)
  const batch = await openBatch(warehouse, 'live')
  const position = await cursorOf(warehouse)
  const start = {
    ...{ batch, position, currency: await currencyOf(warehouse) },
    before: await keysAfter(warehouse, position - mostRead),
    knownSince: (await isEmptyLog(warehouse)) ? Number.NEGATIVE_INFINITY : now(),
  }
  return new SegmentedLog(warehouse, start, {
    ...{ mostWaiting: 64_000_000, mostKnown: 400_000, onWritten: () => undefined },
    ...{ ...options, onFailure },
  })
}

interface Start {
  readonly batch: number
  readonly position: number
  /** Of orders that name none. */
  readonly currency: string | null
  readonly knownSince: Instant
  /** Keys of events of before the start. */
  readonly before: KnownKeys
}

const nothing: SegmentContent = { last: 0, hasSuspects: false, hasOrders: false, hasBad: false }

class SegmentedLog implements EventLog {
  waiting = 0
  readonly #warehouse: Warehouse
  readonly #start: Start
  readonly #mostWaiting: number
  readonly #onFailure: (error: unknown) => void
  readonly #onWritten: (events: readonly WrittenEvent[]) => void
  readonly #memory: LogMemory
  /** The number given last, and the one of the last line on disk. */
  #last: number
  #written: number
  #queue: Request[] = []
  #running: Promise<void> | undefined
  #segment: Segment | undefined
  #content = nothing
  readonly #intake: SegmentIntake
  /** The current segment shall be taken in as soon as those before it are. */
  #isDue = false
  #dueTimer: NodeJS.Timeout | undefined
  /** Why nothing can be written any more. */
  #isBroken: unknown
  #isClosed = false

  constructor(warehouse: Warehouse, start: Start, options: Required<EventLogOptions>) {
    this.#warehouse = warehouse
    this.#start = start
    this.#last = start.position
    this.#written = start.position
    this.#mostWaiting = options.mostWaiting
    this.#onFailure = options.onFailure
    this.#onWritten = options.onWritten
    const { batch, position } = start
    const onIdle = (): void => {
      if (this.#isDue) this.#run()
    }
    this.#intake = new SegmentIntake(warehouse, { batch, position, onFailure: options.onFailure, onIdle })
    this.#memory = {
      ids: new KnownIds(options.mostKnown, start.knownSince),
      shown: new ShownIds(options.mostKnown),
      before: start.before,
    }
  }

  async append(events: readonly LiveEvent[], bad: readonly BadCall[] = []): Promise<Appended> {
    if (this.#isClosed) throw new RapportError('ingestion.closed', 'the server must be up, it is ending')
    if (this.#isBroken !== undefined) throw this.#isBroken
    const size = sum(events, sizeOf) + sum(bad, sizeOfBad)
    if (this.waiting > 0 && this.waiting + size > this.#mostWaiting) {
      throw new RapportError(
        'ingestion.busy',
        `at most ${this.#mostWaiting} characters of events may wait for the disk, got ${this.waiting + size}`,
      )
    }
    this.waiting += size
    return new Promise((resolve, reject) => {
      this.#queue.push({ events, bad, size, resolve, reject })
      this.#run()
    })
  }

  get position(): number {
    return this.#intake.position
  }

  get isStuck(): boolean {
    return this.#intake.isStuck || this.#isBroken !== undefined
  }

  async settle(): Promise<void> {
    const goal = this.#written
    while (this.position < goal) {
      this.#isDue = true
      this.#run()
      await this.#running
      await this.#intake.finish()
    }
  }

  forgetIds(): void {
    this.#memory.shown.clear()
    this.#memory.before = KnownKeys.none
  }

  async close(): Promise<void> {
    this.#isClosed = true
    try {
      await this.#running
      await this.settle()
    } finally {
      clearTimeout(this.#dueTimer)
      this.#intake.stop()
      await this.#segment?.close()
    }
  }

  #run(): void {
    this.#running ??= this.#writeAll().finally(() => {
      this.#running = undefined
      if (this.#queue.length > 0) this.#run()
    })
  }

  /** Writes what waits, group by group, and ends the segment between two of them. */
  async #writeAll(): Promise<void> {
    do {
      const requests = this.#queue
      this.#queue = []
      if (requests.length > 0) await this.#write(requests)
      const isFull = (this.#segment?.bytes ?? 0) > segmentBytes
      if (isFull || (this.#isDue && this.#intake.isIdle)) await this.#endSegment()
    } while (this.#queue.length > 0)
  }

  /** One write for all of them; when it fails none of them is acknowledged. */
  async #write(requests: readonly Request[]): Promise<void> {
    const group = new LogGroup(this.#last, this.#memory, this.#start.currency)
    try {
      const results = requests.map(({ events, bad }): Appended => {
        const accepted = group.add(events, bad)
        return { accepted, duplicates: events.length - accepted }
      })
      await this.#put(group)
      await this.#tellEach(requests, results, group.events)
    } catch (error) {
      group.forget()
      if (error instanceof RapportError && error.code === 'ingestion.disk') this.#isBroken = error
      for (const { reject } of requests) reject(error)
    }
    this.waiting -= sum(requests, ({ size }) => size)
  }

  /** Tells of the events of each request, and acknowledges it, others coming between. */
  async #tellEach(
    requests: readonly Request[],
    results: readonly Appended[],
    events: readonly WrittenEvent[],
  ): Promise<void> {
    let told = 0
    let paused = elapsedMs()
    for (const [at, { resolve }] of requests.entries()) {
      const { accepted } = results[at]!
      this.#tell(events.slice(told, told + accepted))
      told += accepted
      resolve(results[at]!)
      if (elapsedMs() - paused < servingMs || at === requests.length - 1) continue
      await turn()
      paused = elapsedMs()
    }
  }

  #tell(events: readonly WrittenEvent[]): void {
    try {
      if (events.length > 0) this.#onWritten(events)
    } catch (error) {
      // They are on disk and shall be acknowledged.
      this.#onFailure(error)
    }
  }

  async #put(group: LogGroup): Promise<void> {
    const first = this.#last + 1
    if (group.last < first) return
    // Numbers of a write that fails are not given again: it may have left lines behind.
    this.#last = group.last
    this.#segment ??= await Segment.begin(this.#warehouse.logFolder, first)
    await this.#segment.append(group.text)
    this.#written = group.last
    this.#content = {
      last: group.last,
      hasSuspects: this.#content.hasSuspects || group.hasSuspects,
      hasOrders: this.#content.hasOrders || group.hasOrders,
      hasBad: this.#content.hasBad || group.hasBad,
    }
    this.#dueTimer ??= setTimeout(() => {
      this.#dueTimer = undefined
      this.#isDue = true
      this.#run()
    }, drainMs)
  }

  async #endSegment(): Promise<void> {
    this.#isDue = false
    const segment = this.#segment
    if (!segment || segment.bytes === 0) return
    const ended = { ...this.#content, file: segment.file }
    this.#segment = undefined
    this.#content = nothing
    // All of it is on disk: a file that does not close well holds nothing up.
    await segment.close().catch(this.#onFailure)
    this.#intake.add(ended)
  }
}

const sum = <Item>(items: readonly Item[], size: (item: Item) => number): number =>
  items.reduce((total, item) => total + size(item), 0)

/** What else an event has besides its documents, at most about, characters. */
const sizeWithout = 500

const sizeOf = ({ properties, context }: LiveEvent): number =>
  (properties?.length ?? 0) + (context?.length ?? 0) + sizeWithout

const sizeOfBad = ({ raw }: BadCall): number => (JSON.stringify(raw)?.length ?? 0) + sizeWithout
