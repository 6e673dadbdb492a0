import { onStandings } from './consent/index.ts'
import { featureRevision } from './features/index.ts'
import type { WrittenEvent } from './ingestion/index.ts'
import { LiveCopy, segmentRevision } from './segments/index.ts'
import type { State } from './state/index.ts'
import type { Warehouse } from './warehouse/index.ts'

export interface LiveParts {
  readonly warehouse: Warehouse
  readonly state: State
  /** Resolves when every event that was written before is in the warehouse. */
  readonly settle: () => Promise<void>
  readonly onFailure: (error: unknown, where: string) => void
}

const where = 'the live copy of features and segments'

/**
 * Keeps the live copy of declared features and segments beside the log: of other definitions another copy is made, while
 * the one before serves.
 */
export class StartedLive {
  copy: LiveCopy
  private next: LiveCopy | undefined
  private revision: string
  private readonly parts: LiveParts
  private readonly unlisten: () => void

  private constructor(parts: LiveParts, copy: LiveCopy, revision: string) {
    this.parts = parts
    this.copy = copy
    this.revision = revision
    this.unlisten = onStandings(parts.warehouse, async (touched) => {
      // Nobody who decides or is joined waits for features; those of everybody take long after an import.
      for (const one of this.copies()) this.run(one.touched(touched))
    })
  }

  /** It may be told of events from now on. */
  static async open(parts: LiveParts): Promise<StartedLive> {
    const revision = await revisionOf(parts.state)
    return new StartedLive(parts, await openCopy(parts), revision)
  }

  /** Takes history in, once the log is open; the server answers before it is done, and says so. */
  begin(): void {
    this.run(this.copy.build())
  }

  written(events: readonly WrittenEvent[]): void {
    for (const copy of this.copies()) copy.written(events)
  }

  async catchUp(position: number): Promise<readonly []> {
    for (const copy of this.copies()) await copy.catchUp(position)
    return []
  }

  /** Somebody with these ids was erased. */
  async forget(receivedIds: readonly string[]): Promise<void> {
    for (const copy of this.copies()) await copy.forget(receivedIds)
  }

  /** Looks whether other features or segments were declared. */
  async refresh(): Promise<void> {
    const revision = await revisionOf(this.parts.state)
    if (revision === this.revision || this.next !== undefined) return
    // Told once where it cannot be made, and not every two seconds.
    this.revision = revision
    const next = await openCopy(this.parts)
    this.next = next
    this.run(
      next
        .build()
        .then(() => {
          this.copy.stop()
          this.copy = next
        })
        .finally(() => {
          this.next = undefined
        }),
    )
  }

  stop(): void {
    this.unlisten()
    for (const copy of this.copies()) copy.stop()
  }

  private copies(): readonly LiveCopy[] {
    return this.next === undefined ? [this.copy] : [this.copy, this.next]
  }

  private run(work: Promise<void>): void {
    work.catch((error) => this.parts.onFailure(error, where))
  }
}

// Nobody listens to who comes and goes yet.
const openCopy = ({ warehouse, state, settle }: LiveParts): Promise<LiveCopy> =>
  LiveCopy.open({ warehouse, state, settle, onMovements: () => undefined })

const revisionOf = async ({ queries }: State): Promise<string> =>
  `${await featureRevision(queries)} ${await segmentRevision(queries)}`
