import type { Instant } from '../../base/index.ts'
import type { KeptMovement, LiveCopy } from '../../segments/index.ts'

/** Movements that are shown. */
const shownMax = 50
/** So far back is looked for them at the start. */
const lookedBack = 1000

/** Somebody came into a live segment, or left it. */
export interface ShownMovement {
  /** The same movement has the same number. */
  readonly number: number
  readonly segment: string
  readonly segmentName: string
  /** Null where whoever left was erased. */
  readonly customerId: string | null
  readonly at: Instant
  readonly isEntry: boolean
  readonly because: KeptMovement['reason']['because']
  /** What decided it, in words. */
  readonly words: readonly string[]
}

/** The latest movements between live segments, the newest first. */
export class RecentMovements {
  private recent: readonly KeptMovement[] = []
  private readonly live: LiveCopy
  private readonly unlisten: () => void

  constructor(live: LiveCopy) {
    this.live = live
    this.unlisten = live.journal.onTold((movements) => this.add(movements))
  }

  /** Those of before the start. */
  async begin(): Promise<void> {
    const { journal } = this.live
    const { movements } = await journal.after(Math.max(0, journal.lastTold - lookedBack), lookedBack)
    this.add(movements)
  }

  stop(): void {
    this.unlisten()
  }

  /** Nothing is shown of whoever had one of these ids. */
  forget(ids: ReadonlySet<string>): void {
    this.recent = this.recent.filter(({ customer }) => customer === null || !ids.has(customer))
  }

  /** Those that may be told now. */
  shown(): readonly ShownMovement[] {
    if (this.recent.length === 0) return []
    const names = new Map(this.live.sizes().map(({ id, name }) => [id, name]))
    return this.recent
      .filter((movement) => this.live.mayTell(movement))
      .map(({ number, segment, customer, at, isEntry, reason: { because, clauses } }) => ({
        ...{ number, segment, segmentName: names.get(segment) ?? segment, customerId: customer, at, isEntry, because },
        words: clauses.map(({ words }) => words),
      }))
  }

  private add(movements: readonly KeptMovement[]): void {
    const known = new Set(this.recent.map(({ number }) => number))
    // Whom a new segment is filled with has not moved.
    const moved = movements.filter(({ number, reason }) => reason.because !== 'definition' && !known.has(number))
    const all = [...this.recent, ...moved.slice(-shownMax)]
    this.recent = all.sort((a, b) => b.number - a.number).slice(0, shownMax)
  }
}
