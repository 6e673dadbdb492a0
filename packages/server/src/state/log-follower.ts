import { setImmediate as turn } from 'node:timers/promises'
import { type Instant, now, oneAtATime } from '../base/index.ts'
import { isOfEvent } from './event-fault.ts'
import { type FailedEvent, failedEvents, setAside } from './failed-events.ts'
import type { State, StateQueries } from './state.ts'

/** Most events say nothing new to a follower and are passed over; of the others a step reads `rowsRead`. */
const positionsAtOnce = 50_000

/** Rows that are read, and told of, together: the warehouse takes as long for one as for thousands. */
export const rowsRead = 2000

/** Rows that are entered in one transaction: SQLite holds the thread meanwhile, for about 2 ms. */
export const rowsAtOnce = 40

/**
 * A cursor that passes events over and has nothing to enter is stored this often, ms, or after so many positions: each
 * time waits for the disk.
 */
const idleCursorMs = 1000
const idlePositions = 25_000

/** Of events that were put aside, how many are tried again at a start. */
const mostTriedAgain = 1000

/** Follows the event log from where it stopped. */
export interface LogFollower {
  /**
   * Takes in everything up to `position`, all or nothing a step; calls wait for one another. An event that cannot be
   * taken in is put aside, alone, and the rest goes on.
   *
   * @param signal ends it between two steps; the next call goes on there
   * @returns the events that were put aside now
   * @throws what is wrong with the machine: the next call begins where this one stopped
   */
  catchUp(position: number, signal?: AbortSignal): Promise<readonly FailedEvent[]>
  /** Stores how far it came, where that waits for more to store. */
  settle(): Promise<void>
}

/** What a follower does with the events after one position and up to another; positions may have gaps. */
export interface LogStep<Row extends { readonly position: number }, Found> {
  /** Its name, under which its cursor is stored. */
  readonly follower: string
  /** How many rows are read together. Default `rowsRead` */
  readonly readAtOnce?: number
  /** How many rows are entered together. Default `rowsAtOnce` */
  readonly enterAtOnce?: number
  /** The first `limit` events after one position and up to another that say something to it, in their order. */
  readonly read: (after: number, upto: number, limit: number) => Promise<readonly Row[]>
  /** Enters some of what was read into the state, in one transaction with the cursor; entering it again must change nothing. */
  readonly enter: (queries: StateQueries, rows: readonly Row[]) => Promise<Found>
  /**
   * Tells others of what was found, once it is on disk: of all that was read together, in the order in which it was entered.
   * Of what a process found and did not tell before it ended, the next one must know without being told.
   */
  readonly publish: (taken: readonly Taken<Row, Found>[]) => Promise<void>
}

/** What was entered together. */
export interface Taken<Row, Found> {
  readonly found: Found
  readonly rows: readonly Row[]
}

export function followLog<Row extends { readonly position: number }, Found>(
  state: State,
  step: LogStep<Row, Found>,
): LogFollower {
  const following = new Following(state, step)
  const inTurn = oneAtATime()
  return {
    catchUp: (position, signal) => inTurn(() => following.catchUp(position, signal)),
    settle: () => inTurn(() => following.settle()),
  }
}

class Following<Row extends { readonly position: number }, Found> {
  readonly #state: State
  readonly #step: LogStep<Row, Found>
  /** On disk, but not told yet. */
  #untold: Taken<Row, Found>[] = []
  #hasTriedAgain = false
  /** Up to where nothing is left to enter, beyond the stored cursor; after a crash it is passed over anew. */
  #passedOver = 0
  #storedAt: Instant = 0

  constructor(state: State, step: LogStep<Row, Found>) {
    this.#state = state
    this.#step = step
  }

  async catchUp(position: number, signal?: AbortSignal): Promise<readonly FailedEvent[]> {
    await this.#tell()
    if (!this.#hasTriedAgain) await this.#tryAgain()
    this.#hasTriedAgain = true
    const failed: FailedEvent[] = []
    const stored = await this.#cursor()
    for (let cursor = Math.max(stored, this.#passedOver); cursor < position && !signal?.aborted; ) {
      cursor = await this.#advance(cursor, Math.min(cursor + positionsAtOnce, position), failed)
    }
    const unstored = this.#passedOver - stored
    if (now() - this.#storedAt >= idleCursorMs || unstored >= idlePositions) await this.settle()
    return failed
  }

  async settle(): Promise<void> {
    if (this.#passedOver <= (await this.#cursor())) return
    await this.#state.replayable((queries) => this.#moveTo(queries, this.#passedOver))
  }

  /** Takes in what comes first of a range; one that cannot be read is halved until the event that forbids it is alone. */
  async #advance(after: number, upto: number, failed: FailedEvent[]): Promise<number> {
    const { readAtOnce = rowsRead, enterAtOnce = rowsAtOnce } = this.#step
    let rows: readonly Row[]
    try {
      rows = await this.#step.read(after, upto, readAtOnce)
    } catch (error) {
      if (!isOfEvent(error)) throw error
      if (upto - after > 1) return this.#advance(after, Math.floor((after + upto) / 2), failed)
      failed.push(await this.#setAside(upto, upto, error))
      return upto
    }
    if (rows.length === 0) {
      this.#passedOver = upto
      return upto
    }
    const reached = rows.length < readAtOnce ? upto : rows.at(-1)!.position
    for (let start = 0; start < rows.length; start += enterAtOnce) {
      // SQLite answers at once: whoever waits for the thread would wait for all of them.
      if (start > 0) await turn()
      const some = rows.slice(start, start + enterAtOnce)
      await this.#takeOrSplit(some, start + enterAtOnce < rows.length ? some.at(-1)!.position : reached, failed)
    }
    await this.#tell()
    return reached
  }

  /** Takes rows in; when one of them cannot be, they are halved until that one is alone. @param upto where they end */
  async #takeOrSplit(rows: readonly Row[], upto: number, failed: FailedEvent[]): Promise<void> {
    try {
      await this.#take(rows, (queries) => this.#moveTo(queries, upto))
    } catch (error) {
      if (!isOfEvent(error) || rows.length === 0) throw error
      if (rows.length > 1) {
        const middle = Math.floor(rows.length / 2)
        await this.#takeOrSplit(rows.slice(0, middle), rows[middle - 1]!.position, failed)
        return this.#takeOrSplit(rows.slice(middle), upto, failed)
      }
      failed.push(await this.#setAside(rows[0]!.position, upto, error))
    }
  }

  /** That this can be written shows that the state store works, and the fault is the event's. */
  #setAside(position: number, upto: number, error: unknown): Promise<FailedEvent> {
    return this.#state.replayable(async (queries) => {
      await this.#moveTo(queries, upto)
      return setAside(queries, this.#step.follower, position, error)
    })
  }

  async #take(rows: readonly Row[], note: (queries: StateQueries) => Promise<unknown>): Promise<void> {
    const found = await this.#state.replayable(async (queries) => {
      const entered = await this.#step.enter(queries, rows)
      await note(queries)
      return entered
    })
    this.#untold.push({ found, rows })
  }

  async #tell(): Promise<void> {
    if (this.#untold.length === 0) return
    await this.#step.publish(this.#untold)
    this.#untold = []
  }

  /** A later version, or a log that was mended, may take in what could not be. */
  async #tryAgain(): Promise<void> {
    const { follower } = this.#step
    for (const { position } of await failedEvents(this.#state.queries, mostTriedAgain, follower)) {
      try {
        const rows = await this.#step.read(position - 1, position, 1)
        await this.#take(rows, (queries) =>
          queries
            .deleteFrom('failed_events')
            .where('follower', '=', follower)
            .where('position', '=', position)
            .execute(),
        )
      } catch (error) {
        if (!isOfEvent(error)) throw error
      }
      await this.#tell()
    }
  }

  async #cursor(): Promise<number> {
    const row = await this.#state.queries
      .selectFrom('cursors')
      .select('position')
      .where('follower', '=', this.#step.follower)
      .executeTakeFirst()
    return row?.position ?? 0
  }

  async #moveTo(queries: StateQueries, position: number): Promise<void> {
    await queries
      .insertInto('cursors')
      .values({ follower: this.#step.follower, position })
      .onConflict((conflict) => conflict.column('follower').doUpdateSet({ position }))
      .execute()
    this.#storedAt = now()
  }
}
