import { type Instant, now, RapportError } from '../../base/index.ts'
import { type LogWriter, readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { BadCall } from './check-call.ts'
import { eventKey, freshKey } from './event-key.ts'
import { eventRows, type PlacedEvent, quarantineRows } from './event-rows.ts'
import { KnownIds } from './known-ids.ts'
import type { LiveEvent } from './live-event.ts'
import { type LiveOrderLine, orderLineRows, orderLinesOf } from './order-rows.ts'

const query = readQueries(new URL('./live.sql', import.meta.url))

export interface EventLogOptions {
  /** Events that may wait for their commit before `append` refuses more. Default 50,000. */
  readonly mostWaiting?: number
  /** Ids kept in memory to know a repeated event by; of older ones the log is asked. Default 1,000,000. */
  readonly mostKnown?: number
}

/** What became of the events of one call. */
export interface Appended {
  readonly accepted: number
  /** Their ids had been taken before: a sender that heard no answer sent them again. */
  readonly duplicates: number
}

/** The way of live events into the log. */
export interface EventLog {
  /**
   * Takes events, and calls that could not be taken into quarantine; on disk when it resolves. All that come while a commit runs share the next one.
   *
   * @throws RapportError `ingestion.busy` when too many wait already, `warehouse.disk-full`
   */
  append(events: readonly LiveEvent[], bad?: readonly BadCall[]): Promise<Appended>
  /** Resolves when every event that was acknowledged before is in the warehouse. */
  settle(): Promise<void>
  /** The position of the last event in the warehouse. */
  readonly position: number
  /** How many events wait for their commit. */
  readonly waiting: number
  /** Resolves when nothing waits any more; `append` refuses from here on. */
  close(): Promise<void>
}

interface Request {
  readonly events: readonly LiveEvent[]
  readonly bad: readonly BadCall[]
  readonly resolve: (appended: Appended) => void
  readonly reject: (error: unknown) => void
}

export async function openEventLog(warehouse: Warehouse, options: EventLogOptions = {}): Promise<EventLog> {
  const { mostWaiting = 50_000, mostKnown = 1_000_000 } = options
  const [end] = await warehouse.rows<{ position: number }>(query('last_position'))
  const batchId = await openBatch(warehouse)
  const memory = await recall(warehouse, mostKnown)
  const [currency] = await warehouse.rows<{ value: string }>(query('currency'))
  const writer = await warehouse.openLog()
  return new GroupCommitLog(warehouse, writer, batchId, end!.position, mostWaiting, memory, currency?.value ?? null)
}

/** The batch that this run of the server writes into: live events can be listed and undone like an import. */
async function openBatch(warehouse: Warehouse): Promise<number> {
  const [batch] = await warehouse.rows<{ batch_id: number }>(query('open_batch'), { opened_at: { instant: now() } })
  return batch!.batch_id
}

/** The ids that are in memory, and since when those are all that came. */
interface Memory {
  readonly known: KnownIds
  since: Instant
}

/** What the log took last, up to what half of the memory holds. */
async function recall(warehouse: Warehouse, mostKnown: number): Promise<Memory> {
  const limit = Math.floor(mostKnown / 2)
  const latest = await warehouse.columns(query('latest_keys'), { limit })
  const [held] = await warehouse.rows<{ n: number }>(query('count_events'))
  const known = new KnownIds(mostKnown)
  for (const key of [...latest.keys('key')].reverse()) known.add(BigInt(key))
  const isAll = held!.n === latest.rows
  return { known, since: isAll ? Number.NEGATIVE_INFINITY : (latest.numbers('received_at')[latest.rows - 1] ?? now()) }
}

class GroupCommitLog implements EventLog {
  position: number
  waiting = 0
  readonly #warehouse: Warehouse
  readonly #writer: LogWriter
  readonly #batchId: number
  readonly #mostWaiting: number
  readonly #memory: Memory
  /** Of orders that name none. */
  readonly #currency: string | null
  #queue: Request[] = []
  #committing: Promise<void> | undefined
  #isClosed = false

  constructor(
    warehouse: Warehouse,
    writer: LogWriter,
    batchId: number,
    position: number,
    mostWaiting: number,
    memory: Memory,
    currency: string | null,
  ) {
    this.#warehouse = warehouse
    this.#writer = writer
    this.#batchId = batchId
    this.position = position
    this.#mostWaiting = mostWaiting
    this.#memory = memory
    this.#currency = currency
  }

  append(events: readonly LiveEvent[], bad: readonly BadCall[] = []): Promise<Appended> {
    if (this.#isClosed)
      return Promise.reject(new RapportError('ingestion.closed', 'the server must be up, it is ending'))
    if (this.waiting > 0 && this.waiting + events.length > this.#mostWaiting) {
      const got = `${this.waiting} events wait for the disk`
      return Promise.reject(
        new RapportError('ingestion.busy', `at most ${this.#mostWaiting} events may wait, got: ${got}`),
      )
    }
    this.waiting += events.length
    return new Promise((resolve, reject) => {
      this.#queue.push({ events, bad, resolve, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  async settle(): Promise<void> {
    await this.#committing
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#committing
    this.#writer.close()
  }

  async #commitAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const requests = this.#queue
      this.#queue = []
      await this.#commit(requests)
    }
    this.#committing = undefined
  }

  /** One commit for all of them; when it fails none of them is acknowledged. */
  async #commit(requests: readonly Request[]): Promise<void> {
    try {
      const old = await this.#findInLog(requests)
      const placed: PlacedEvent[] = []
      const taken = new Set<bigint>()
      const results = requests.map(({ events }): Appended => {
        let accepted = 0
        for (const event of events) {
          const key = event.messageId === null ? freshKey() : eventKey(event.messageId)
          if (taken.has(key) || old.has(key) || this.#memory.known.has(key)) continue
          taken.add(key)
          accepted += 1
          placed.push({ key, position: this.position + placed.length + 1, event })
        }
        return { accepted, duplicates: events.length - accepted }
      })
      const bad = requests.flatMap((request) => request.bad)
      if (placed.length + bad.length > 0) {
        await this.#writer.append({
          events: eventRows(placed, this.#batchId),
          order_lines: orderLineRows(await this.#newLines(placed), this.#batchId),
          quarantine: quarantineRows(bad, this.#batchId),
        })
      }
      this.position += placed.length
      this.#haveLeft(requests)
      for (const key of taken) if (this.#memory.known.add(key)) this.#memory.since = placed[0]!.event.receivedAt
      requests.forEach(({ resolve }, index) => {
        resolve(results[index]!)
      })
    } catch (error) {
      this.#haveLeft(requests)
      for (const { reject } of requests) reject(error)
    }
  }

  /** Lines of orders that these events tell of, once each: a page and a server may both tell of an order. */
  async #newLines(placed: readonly PlacedEvent[]): Promise<LiveOrderLine[]> {
    const lines = new Map(
      placed.flatMap(({ event }) => orderLinesOf(event, this.#currency)).map((line) => [line.key, line]),
    )
    if (lines.size === 0) return []
    const keys = JSON.stringify([...lines.keys()].map(String))
    for (const { key } of await this.#warehouse.rows<{ key: string }>(query('find_line_keys'), { keys })) {
      lines.delete(BigInt(key))
    }
    return [...lines.values()]
  }

  #haveLeft(requests: readonly Request[]): void {
    this.waiting -= requests.reduce((sum, { events }) => sum + events.length, 0)
  }

  /**
   * Keys of repeated events that memory cannot tell: of a sender's id that may have been taken before memory begins. An
   * event that its sender dated since then came since then too, so that most are never looked up.
   */
  async #findInLog(requests: readonly Request[]): Promise<ReadonlySet<bigint>> {
    const { since } = this.#memory
    if (since === Number.NEGATIVE_INFINITY) return new Set()
    const asked = requests
      .flatMap(({ events }) => events)
      .filter(({ messageId, isDated, occurredAt }) => messageId !== null && (!isDated || occurredAt <= since))
      .map(({ messageId }) => eventKey(messageId!))
      .filter((key) => !this.#memory.known.has(key))
    if (asked.length === 0) return new Set()
    const found = await this.#warehouse.rows<{ key: string }>(query('find_keys'), {
      keys: JSON.stringify(asked.map(String)),
    })
    return new Set(found.map(({ key }) => BigInt(key)))
  }
}
