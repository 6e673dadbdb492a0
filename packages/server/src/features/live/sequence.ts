import type { Instant } from '../../base/index.ts'
import type { Fact } from '../defined/fact.ts'
import type { Accumulator, Outcome } from './accumulator.ts'
import { Buckets } from './buckets.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { FieldValue } from './cells/cell.ts'
import { emptyNumbers } from './cells/number-cell.ts'
import { keyParts, partsOfKey } from './key-parts.ts'
import { moveWithin } from './move-within.ts'
import type { Store, StoreLeaf } from './plan-stores.ts'

/** Which of a sequence's patterns a fact meets, added up. */
export const marks = { first: 1, next: 2, without: 4 } as const

/** Numbers of a fact: its moment, its key, which patterns it meets, its bucket. */
const [meetsAt, bucketAt, factWidth] = [1 + keyParts, 2 + keyParts, 3 + keyParts]

/** Numbers of something that may yet be followed: its moment, its bucket. */
const startWidth = 2

export interface SequenceRule {
  readonly isNever: boolean
  readonly withinMs: number
}

/** The latest facts stay apart, so that others may come in among them. */
const recentMax = 16

/** Starts that nothing has followed yet: more than this in the time that is given for it is no customer. */
const openMax = 1024

/** Place for more starts than this is not kept for those that may come. */
const fewNumbers = 16

/** Copied when something is added, so that all who have none can share it. */
const none: number[] = []
/** The fact that is brought in. */
const mark = emptyNumbers(factWidth)
const addedUp = (earlier: number, later: number): number => earlier + later

/**
 * How many starts were followed in time, or never were; in its buckets those that are decided for good, and count. Facts are
 * read in order like an automaton; the latest of them are read again each time, so that a late one finds its place.
 */
export class Sequence extends Buckets<number> implements Accumulator {
  private readonly rule: SequenceRule
  /** Starts, in order, and place for more. */
  private open: number[] = none
  private starts = 0
  /** The numbers of the last fact that was read for good; empty where none was. */
  private read: number[] = none
  /** Facts, in order, and place for more: where each made a list of its own, most of what is collected as garbage were such. */
  private recent: number[] = none
  private facts = 0

  constructor(rule: SequenceRule) {
    super()
    this.rule = rule
  }

  add(_store: Store, bucket: number, oldest: number, { at, key }: Fact, meets: FieldValue): Outcome {
    if (this.isBehind(oldest)) this.dropBefore(oldest)
    const parts = partsOfKey(key)
    mark[0] = at
    for (let part = 0; part < keyParts; part += 1) mark[1 + part] = parts[part]!
    mark[meetsAt] = meets as number
    mark[bucketAt] = bucket
    if (this.read.length > 0 && inOrder(mark, this.read, 0) < 0) return 'late'
    let place = this.facts * factWidth
    while (place > 0 && inOrder(mark, this.recent, place - factWidth) < 0) place -= factWidth
    if (this.facts < recentMax) this.insert(place)
    else if (place === 0) this.readForGood(mark)
    else {
      this.readForGood(this.recent)
      moveWithin(this.recent, 0, factWidth, place)
      this.put(place - factWidth)
    }
    return this.starts > openMax ? 'full' : 'folded'
  }

  private insert(place: number): void {
    const length = this.facts * factWidth
    if (length === this.recent.length) this.recent = this.recent.concat(emptyNumbers(Math.max(length, factWidth)))
    moveWithin(this.recent, place + factWidth, place, length)
    this.put(place)
    this.facts += 1
  }

  private put(place: number): void {
    for (let number = 0; number < factWidth; number += 1) this.recent[place + number] = mark[number]!
  }

  /** @param facts of which the first is read */
  private readForGood(facts: readonly number[]): void {
    const { isNever, withinMs } = this.rule
    const [at, meets] = [facts[0]!, facts[meetsAt]!]
    if ((meets & marks.next) !== 0) {
      const end = this.starts * startWidth
      for (let start = 0; start < end; start += startWidth)
        if (at <= this.open[start]! + withinMs !== isNever) this.count(this.open[start + 1]!)
    }
    if ((meets & (marks.next | marks.without)) !== 0) this.endAll()
    if ((meets & marks.first) !== 0) this.begin(at, facts[bucketAt]!)
    this.endBefore(at)
    if (this.read.length === 0) this.read = facts.slice(0, factWidth)
    else for (let number = 0; number < factWidth; number += 1) this.read[number] = facts[number]!
  }

  private begin(at: Instant, bucket: number): void {
    const length = this.starts * startWidth
    if (length === this.open.length) this.open = this.open.concat(emptyNumbers(Math.max(length, startWidth)))
    this.open[length] = at
    this.open[length + 1] = bucket
    this.starts += 1
  }

  /** Those whose time was over by then: they come first, since starts are in order of time. */
  private endBefore(at: Instant): void {
    const { isNever, withinMs } = this.rule
    const length = this.starts * startWidth
    let over = 0
    while (over < length && this.open[over]! + withinMs < at) {
      if (isNever) this.count(this.open[over + 1]!)
      over += startWidth
    }
    if (over === length) this.endAll()
    else if (over > 0) {
      moveWithin(this.open, 0, over, length)
      this.starts -= over / startWidth
    }
  }

  private endAll(): void {
    this.starts = 0
    if (this.open.length > fewNumbers) this.open = none
  }

  private count(bucket: number): void {
    if (!Number.isNaN(bucket)) this.set(bucket, (this.get(bucket) ?? 0) + 1)
  }

  value(_leaf: StoreLeaf, first: number, last: number, asOf: Instant): number {
    const { isNever, withinMs } = this.rule
    const { recent, open } = this
    const [opens, length] = [this.starts * startWidth, this.facts * factWidth]
    let total = this.merge(first, last, addedUp) ?? 0
    // Those that are open for good, and after them those of the latest facts since something was decided.
    let opened = 0
    let since = 0
    for (let fact = 0; fact < length; fact += factWidth) {
      const [at, meets] = [recent[fact]!, recent[fact + meetsAt]!]
      if ((meets & (marks.next | marks.without)) === 0) continue
      if ((meets & marks.next) !== 0) {
        for (; opened < opens; opened += startWidth)
          if (at <= open[opened]! + withinMs !== isNever && isWithin(open[opened + 1]!, first, last)) total += 1
        for (; since < fact; since += factWidth)
          if (
            (recent[since + meetsAt]! & marks.first) !== 0 &&
            at <= recent[since]! + withinMs !== isNever &&
            isWithin(recent[since + bucketAt]!, first, last)
          )
            total += 1
      }
      opened = opens
      // A fact that decides may begin something itself.
      since = fact
    }
    if (!isNever) return total
    for (; opened < opens && open[opened]! + withinMs <= asOf; opened += startWidth)
      if (isWithin(open[opened + 1]!, first, last)) total += 1
    for (; since < length; since += factWidth) {
      if ((recent[since + meetsAt]! & marks.first) === 0) continue
      if (recent[since]! + withinMs > asOf) break
      if (isWithin(recent[since + bucketAt]!, first, last)) total += 1
    }
    return total
  }

  override changesAt(leaf: StoreLeaf, asOf: Instant): Instant {
    let soonest = super.changesAt(leaf, asOf)
    const { open, recent } = this
    const { window } = leaf
    const { grid } = leaf.store
    const { isNever, withinMs } = this.rule
    // Starts are in order of time: many lie in one bucket, and the first whose time is not over is the first to be.
    let isOver = !isNever
    let before: number | undefined
    const look = (at: number, bucket: number): void => {
      if (!Object.is(bucket, before)) soonest = Math.min(soonest, grid.nextMove(window, bucket, asOf))
      before = bucket
      if (isOver || at + withinMs <= asOf) return
      soonest = Math.min(soonest, at + withinMs)
      isOver = true
    }
    for (let start = 0; start < this.starts * startWidth; start += startWidth) look(open[start]!, open[start + 1]!)
    for (let fact = 0; fact < this.facts * factWidth; fact += factWidth)
      if ((recent[fact + meetsAt]! & marks.first) !== 0) look(recent[fact]!, recent[fact + bucketAt]!)
    return soonest
  }

  forget(bucket: number): void {
    this.delete(bucket)
  }

  bytes(): number {
    return 88 + this.bucketBytes + 8 * (this.open.length + this.recent.length + this.read.length)
  }

  save(to: ByteWriter): void {
    this.saveCells(to, (count) => to.whole(count))
    to.numbers(this.open.slice(0, this.starts * startWidth))
    to.numbers(this.read)
    to.numbers(this.recent.slice(0, this.facts * factWidth))
  }

  static load(rule: SequenceRule, from: ByteReader): Sequence {
    const sequence = new Sequence(rule)
    sequence.loadCells(from, () => from.whole())
    sequence.open = from.numbers()
    sequence.starts = sequence.open.length / startWidth
    sequence.read = from.numbers()
    sequence.recent = from.numbers()
    sequence.facts = sequence.recent.length / factWidth
    return sequence
  }
}

const isWithin = (bucket: number, first: number, last: number): boolean => bucket >= first && bucket <= last

/** How a fact's numbers order with those of another. */
function inOrder(one: readonly number[], others: readonly number[], place: number): number {
  for (let number = 0; number <= keyParts; number += 1) {
    const difference = one[number]! - others[place + number]!
    if (difference !== 0) return difference
  }
  return 0
}
