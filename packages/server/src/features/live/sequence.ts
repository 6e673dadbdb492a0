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

/** `push` makes place for more than most lists will have. */
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
  /** Starts, in order. */
  private open: number[] = none
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
    return this.open.length > openMax * startWidth ? 'full' : 'folded'
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
    const read = facts.slice(0, factWidth)
    const [at, meets] = [read[0]!, read[meetsAt]!]
    if ((meets & marks.next) !== 0)
      for (let start = 0; start < this.open.length; start += startWidth)
        if (at <= this.open[start]! + withinMs !== isNever) this.count(this.open[start + 1]!)
    if ((meets & (marks.next | marks.without)) !== 0) this.open = none
    if ((meets & marks.first) !== 0) this.begin(at, read[bucketAt]!)
    // In order of time, so that those whose time is over come first.
    let over = 0
    while (over < this.open.length && this.open[over]! + withinMs < at) over += startWidth
    if (over > 0) {
      if (isNever) for (let start = 0; start < over; start += startWidth) this.count(this.open[start + 1]!)
      this.open = this.open.slice(over)
    }
    this.read = read
  }

  private begin(at: Instant, bucket: number): void {
    if (this.open.length < fewNumbers) this.open = this.open.concat([at, bucket])
    else this.open.push(at, bucket)
  }

  private count(bucket: number): void {
    if (!Number.isNaN(bucket)) this.set(bucket, (this.get(bucket) ?? 0) + 1)
  }

  value(_leaf: StoreLeaf, first: number, last: number, asOf: Instant): number {
    const { isNever, withinMs } = this.rule
    const { recent, open } = this
    const length = this.facts * factWidth
    let total = this.merge(first, last, addedUp) ?? 0
    // Those that are open for good, and after them those of the latest facts since something was decided.
    let opened = 0
    let since = 0
    for (let fact = 0; fact < length; fact += factWidth) {
      const [at, meets] = [recent[fact]!, recent[fact + meetsAt]!]
      if ((meets & (marks.next | marks.without)) === 0) continue
      if ((meets & marks.next) !== 0) {
        for (; opened < open.length; opened += startWidth)
          if (at <= open[opened]! + withinMs !== isNever && isWithin(open[opened + 1]!, first, last)) total += 1
        for (; since < fact; since += factWidth)
          if (
            (recent[since + meetsAt]! & marks.first) !== 0 &&
            at <= recent[since]! + withinMs !== isNever &&
            isWithin(recent[since + bucketAt]!, first, last)
          )
            total += 1
      }
      opened = open.length
      // A fact that decides may begin something itself.
      since = fact
    }
    if (!isNever) return total
    for (; opened < open.length && open[opened]! + withinMs <= asOf; opened += startWidth)
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
    for (let start = 0; start < open.length; start += startWidth) look(open[start]!, open[start + 1]!)
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
    to.numbers(this.open)
    to.numbers(this.read)
    to.numbers(this.recent.slice(0, this.facts * factWidth))
  }

  static load(rule: SequenceRule, from: ByteReader): Sequence {
    const sequence = new Sequence(rule)
    sequence.loadCells(from, () => from.whole())
    sequence.open = from.numbers()
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
