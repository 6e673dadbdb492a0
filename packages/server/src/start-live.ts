import { onStandings } from './consent/index.ts'
import type { WrittenEvent } from './ingestion/index.ts'
import { LiveCopy, MovementJournal } from './segments/index.ts'
import type { State } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

export interface LiveParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
  readonly onFailure: (error: unknown, where: string) => void
  /** Told how a start went on, for the operator. */
  readonly tell: (lines: string) => void
}

/** How often it is written where features and segments are, so that a start goes on from there, ms. */
const saveMs = 5 * 60_000

/** A next start takes in so many events since the snapshot as soon as it would read them in another one. */
const soonTaken = 10_000

const where = 'the live copy of features and segments'

/** Keeps the live copy of declared features and segments beside the log, and what is told of it. */
export class StartedLive {
  readonly copy: LiveCopy
  readonly journal: MovementJournal
  private readonly onFailure: LiveParts['onFailure']
  private readonly unlisten: () => void
  private refreshing: Promise<void> | undefined
  private working: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private built: Promise<unknown> = Promise.resolve()

  private constructor(parts: LiveParts, copy: LiveCopy, journal: MovementJournal) {
    this.copy = copy
    this.journal = journal
    this.onFailure = parts.onFailure
    this.unlisten = onStandings(parts.warehouse, async (touched) => {
      // Nobody who decides or is joined waits for features; those of everybody take long after an import.
      this.run(copy.touched(touched))
    })
  }

  /** It may be told of events from now on. */
  static async open(parts: LiveParts): Promise<StartedLive> {
    const { warehouse, state, settle, onFailure, tell } = parts
    const journal = await MovementJournal.open(warehouse, {
      onFailure: (error) => onFailure(error, 'keeping who comes into segments and leaves them'),
    })
    return new StartedLive(parts, await LiveCopy.open({ warehouse, state, settle, journal, onStart: tell }), journal)
  }

  /** Takes history in, once the log is open; the server answers before it is done, and says so. */
  begin(): void {
    const save = (): void => this.run(this.copy.save().then(() => undefined))
    const building = this.copy.build()
    this.built = building.catch(() => undefined)
    this.run(building.then((since) => (since > soonTaken ? save() : undefined)))
    this.timer = setInterval(save, saveMs)
    this.timer.unref()
  }

  /** Resolves when history is in, or cannot be taken in. */
  async whole(): Promise<void> {
    await this.built
  }

  written(events: readonly WrittenEvent[]): void {
    this.copy.written(events)
  }

  /** Whoever else follows the log does not wait for customers who are read again. */
  async catchUp(position: number): Promise<readonly []> {
    this.working ??= this.copy
      .catchUp(position)
      .catch((error) => this.onFailure(error, where))
      .finally(() => {
        this.working = undefined
      })
    return []
  }

  /** Somebody with these ids was erased. */
  async forget(receivedIds: readonly string[]): Promise<void> {
    await this.copy.forget(receivedIds)
  }

  /** Looks whether something else was declared. */
  async refresh(): Promise<void> {
    this.refreshing ??= this.copy.refresh().finally(() => {
      this.refreshing = undefined
    })
    await this.refreshing
  }

  /** Everything that was told is in the warehouse when it resolves. */
  async stop(): Promise<void> {
    this.unlisten()
    clearInterval(this.timer)
    await this.working
    await this.copy.stop().catch((error) => this.onFailure(error, where))
    await this.journal.close()
  }

  private run(work: Promise<void>): void {
    work.catch((error) => this.onFailure(error, where))
  }
}
