import { RapportError } from '../../base/index.ts'

export interface RoomSize {
  /** Bytes that all together may hold. */
  readonly mostBytes: number
  /** Bytes that may wait for room; who comes when they do is refused at once. */
  readonly mostWaiting: number
  /** What the room is for, as its message says it: `of requests may be on their way`. */
  readonly what: string
}

interface Waiter {
  readonly bytes: number
  readonly holders: readonly string[]
  readonly admit: () => void
  /** How often it was refused a share. */
  refused: number
}

/** So often who waits for a share is looked at before none who needs the same share may pass any more. */
const passingMost = 100

/** However small they are, more need not wait. */
const mostWaiters = 2000

/**
 * Memory that requests share: taken before the work, given back after the answer. One holder, as an address or a key,
 * has half of it at most, so that nobody alone keeps the others out. Who finds none waits, first come first served, if
 * not too much waits already.
 */
export class MemoryRoom {
  readonly #held: Tally
  readonly #waiting: Tally
  readonly #size: RoomSize
  #queue: Waiter[] = []

  constructor(size: RoomSize) {
    this.#size = size
    this.#held = new Tally(size.mostBytes)
    this.#waiting = new Tally(size.mostWaiting)
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#held.total
  }

  /** Takes room without waiting. @throws RapportError `api.busy` */
  takeNow(bytes: number, holders: readonly string[]): void {
    if (this.#held.refuser(bytes, holders) !== undefined) throw this.#busy()
    this.#held.add(bytes, holders)
  }

  /**
   * Takes room.
   *
   * @returns a promise only where it has to wait: most do not
   * @throws RapportError `api.busy` when too many wait already
   */
  take(bytes: number, holders: readonly string[]): Promise<void> | undefined {
    if (this.#queue.length === 0 && this.#held.refuser(bytes, holders) === undefined) {
      this.#held.add(bytes, holders)
      return undefined
    }
    const weight = this.#weightOf(bytes)
    if (this.#waiting.refuser(weight, holders) !== undefined) throw this.#busy()
    this.#waiting.add(weight, holders)
    return new Promise((admit) => {
      this.#queue.push({ bytes, holders, admit, refused: 0 })
      this.#admitWaiters()
    })
  }

  give(bytes: number, holders: readonly string[]): void {
    if (bytes === 0) return
    this.#held.add(-bytes, holders)
    if (this.#queue.length > 0) this.#admitWaiters()
  }

  /**
   * Who waits for the room lets nobody pass, or a big one would wait forever; who waits for a share lets others pass, after a
   * while only those who need another share.
   */
  #admitWaiters(): void {
    const left: Waiter[] = []
    const lacking = new Set<Refuser>()
    for (const waiter of this.#queue) {
      const { bytes, holders, admit } = waiter
      const isBehind = lacking.has(everybody) || holders.some((holder) => lacking.has(holder))
      const refuser = isBehind ? undefined : this.#held.refuser(bytes, holders)
      if (refuser !== undefined) waiter.refused += 1
      if (refuser === everybody || (refuser !== undefined && waiter.refused > passingMost)) lacking.add(refuser)
      if (isBehind || refuser !== undefined) {
        left.push(waiter)
        continue
      }
      this.#waiting.add(-this.#weightOf(bytes), holders)
      this.#held.add(bytes, holders)
      admit()
    }
    this.#queue = left
  }

  #weightOf(bytes: number): number {
    return Math.max(bytes, this.#size.mostWaiting / mostWaiters)
  }

  #busy(): RapportError {
    const { mostBytes, what } = this.#size
    return new RapportError('api.busy', `at most ${mostBytes} bytes ${what}, half of them by one sender, got more`)
  }
}

const everybody = Symbol('everybody')
/** A holder's share, or the room of all. */
type Refuser = string | typeof everybody

/** Bytes in all and by holder. */
class Tally {
  total = 0
  readonly #most: number
  readonly #byHolder = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Whose share has no room for so many more; something always fits where there is nothing yet. */
  refuser(bytes: number, holders: readonly string[]): Refuser | undefined {
    if (this.total > 0 && this.total + bytes > this.#most) return everybody
    for (const holder of holders) {
      const held = this.#byHolder.get(holder) ?? 0
      if (held > 0 && held + bytes > this.#most / 2) return holder
    }
    return undefined
  }

  add(bytes: number, holders: readonly string[]): void {
    this.total += bytes
    for (const holder of holders) {
      const held = (this.#byHolder.get(holder) ?? 0) + bytes
      if (held > 0) this.#byHolder.set(holder, held)
      else this.#byHolder.delete(holder)
    }
  }
}
