import type { Instant } from '../../base/index.ts'
import { type Fact, inOrder } from '../defined/fact.ts'
import type { Window } from '../defined/plan.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import { append, insert } from './append.ts'
import { Buckets } from './buckets.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { FieldValue } from './cells/cell.ts'
import type { Grid } from './grid.ts'

/** Which of a sequence's patterns a fact meets, added up. */
export const marks = { first: 1, next: 2, without: 4 } as const

interface Mark {
  readonly at: Instant
  readonly key: bigint
  readonly meets: number
  readonly bucket: number
}

/** Something that may yet be followed. */
interface Start {
  readonly at: Instant
  readonly bucket: number
}

export interface SequenceRule {
  readonly isNever: boolean
  readonly withinMs: number
}

/** The latest facts stay apart, so that others may come in among them. */
const recentMax = 16

/** Starts that nothing has followed yet: more than this in the time that is given for it is no customer. */
const openMax = 1024

/** `append` copies it, so that all who have none can share it. */
const none: never[] = []
const addedUp = (earlier: number, later: number): number => earlier + later

/**
 * How many starts were followed in time, or never were; in its buckets those that are decided for good, and count. Facts are
 * read in order like an automaton; the latest of them are read again each time, so that a late one finds its place.
 */
export class Sequence extends Buckets<number> implements Accumulator {
  private readonly rule: SequenceRule
  private open: Start[] = none
  /** The last fact that was read for good. */
  private read: Pick<Mark, 'at' | 'key'> | undefined
  private recent: Mark[] = none

  constructor(rule: SequenceRule) {
    super()
    this.rule = rule
  }

  add(bucket: number, oldest: number, { at, key }: Fact, meets: FieldValue): Outcome {
    if (this.isBehind(oldest)) this.dropBefore(oldest)
    const mark = { at, key, meets: meets as number, bucket }
    if (this.read !== undefined && inOrder(mark, this.read) < 0) return 'late'
    const { recent } = this
    let place = recent.length
    while (place > 0 && inOrder(recent[place - 1]!, mark) > 0) place -= 1
    this.recent = insert(recent, place, mark)
    if (this.recent.length > recentMax) this.readForGood(this.recent.shift()!)
    return this.open.length > openMax ? 'full' : 'folded'
  }

  private readForGood(mark: Mark): void {
    const count = ({ bucket }: Start): void => {
      if (!Number.isNaN(bucket)) this.set(bucket, (this.get(bucket) ?? 0) + 1)
    }
    if (this.decides(mark, this.open, count)) this.open = none
    if ((mark.meets & marks.first) !== 0) this.open = append(this.open, { at: mark.at, bucket: mark.bucket })
    const { isNever, withinMs } = this.rule
    // In order of time, so that those whose time is over come first.
    let over = 0
    while (over < this.open.length && this.open[over]!.at + withinMs < mark.at) over += 1
    if (over > 0) {
      if (isNever) this.open.slice(0, over).forEach(count)
      this.open = this.open.slice(over)
    }
    this.read = mark
  }

  /** Whether none of the open starts is open any more after a fact. @param count is told of those that then count */
  private decides({ at, meets }: Mark, open: readonly Start[], count: (start: Start) => void): boolean {
    const { isNever, withinMs } = this.rule
    if ((meets & marks.next) !== 0) for (const start of open) if (at <= start.at + withinMs !== isNever) count(start)
    return (meets & (marks.next | marks.without)) !== 0
  }

  value(first: number, last: number, asOf: Instant): number {
    const { isNever, withinMs } = this.rule
    const { recent } = this
    let total = this.merge(first, last, addedUp) ?? 0
    const counts = ({ bucket }: Start): number => (bucket >= first && bucket <= last ? 1 : 0)
    // Those that are open for good, and after them those of the latest facts since something was decided.
    let open: readonly Start[] = this.open
    let since = 0
    for (let place = 0; place < recent.length; place += 1) {
      const { at, meets } = recent[place]!
      if ((meets & (marks.next | marks.without)) === 0) continue
      if ((meets & marks.next) !== 0) {
        for (const start of open) if (at <= start.at + withinMs !== isNever) total += counts(start)
        for (; since < place; since += 1) {
          const start = recent[since]!
          if ((start.meets & marks.first) !== 0 && at <= start.at + withinMs !== isNever) total += counts(start)
        }
      }
      open = none
      // A fact that decides may begin something itself.
      since = place
    }
    if (!isNever) return total
    for (const start of open) {
      if (start.at + withinMs > asOf) break
      total += counts(start)
    }
    for (; since < recent.length; since += 1) {
      const start = recent[since]!
      if ((start.meets & marks.first) === 0) continue
      if (start.at + withinMs > asOf) break
      total += counts(start)
    }
    return total
  }

  override changesAt(grid: Grid, window: Window, asOf: Instant): Instant {
    let soonest = super.changesAt(grid, window, asOf)
    const { isNever, withinMs } = this.rule
    // Starts are in order of time: many lie in one bucket, and the first whose time is not over is the first to be.
    let isOver = !isNever
    let before: number | undefined
    const look = ({ at, bucket }: Start): void => {
      if (!Object.is(bucket, before)) soonest = Math.min(soonest, grid.nextMove(window, bucket, asOf))
      before = bucket
      if (isOver || at + withinMs <= asOf) return
      soonest = Math.min(soonest, at + withinMs)
      isOver = true
    }
    for (const start of this.open) look(start)
    for (const mark of this.recent) if ((mark.meets & marks.first) !== 0) look(mark)
    return soonest
  }

  forget(bucket: number): void {
    this.delete(bucket)
  }

  bytes(): number {
    return 88 + this.bucketBytes + 48 * this.open.length + 96 * this.recent.length
  }

  save(to: ByteWriter): void {
    this.saveCells(to, (count) => to.whole(count))
    to.whole(this.open.length)
    for (const { at, bucket } of this.open) {
      to.number(at)
      to.number(bucket)
    }
    to.whole(this.read === undefined ? 0 : 1)
    if (this.read !== undefined) {
      to.number(this.read.at)
      to.key(this.read.key)
    }
    to.whole(this.recent.length)
    for (const { at, key, meets, bucket } of this.recent) {
      to.number(at)
      to.key(key)
      to.whole(meets)
      to.number(bucket)
    }
  }

  static load(rule: SequenceRule, from: ByteReader): Sequence {
    const sequence = new Sequence(rule)
    sequence.loadCells(from, () => from.whole())
    sequence.open = from.list(() => ({ at: from.number(), bucket: from.number() }))
    if (from.whole() === 1) sequence.read = { at: from.number(), key: from.key() }
    for (let left = from.whole(); left > 0; left -= 1) {
      sequence.recent = append(sequence.recent, {
        ...{ at: from.number(), key: from.key(), meets: from.whole(), bucket: from.number() },
      })
    }
    return sequence
  }
}
