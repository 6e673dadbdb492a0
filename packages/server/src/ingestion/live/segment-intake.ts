import { AsyncResource } from 'node:async_hooks'
import type { Warehouse } from '../../warehouse/index.ts'
import { drainSegment } from './drain.ts'
import type { SegmentContent } from './segment.ts'

/** A segment that is written to no more. */
export interface EndedSegment extends SegmentContent {
  readonly file: string
}

export interface IntakeOptions {
  /** The batch that this run of the server writes into. */
  readonly batch: number
  /** Of the last line that the warehouse has. */
  readonly position: number
  /** Told, once each time, of what keeps segments out of the warehouse. */
  readonly onFailure: (error: unknown) => void
  /** Told when everything is in. */
  readonly onIdle: () => void
}

/** After a failure it tries again, ms. */
const retryMs = 1000

/** The way of ended segments into the warehouse, one after the other; one that cannot be taken in is tried again. */
export class SegmentIntake {
  /** Of the last line that the warehouse has. */
  position: number
  readonly #warehouse: Warehouse
  readonly #options: IntakeOptions
  /** Oldest first. */
  readonly #waiting: EndedSegment[] = []
  #running: Promise<void> | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #failure: unknown
  /** Out of whatever transaction the caller is in: the warehouse would take this for a part of it. */
  readonly #begin = AsyncResource.bind(() => {
    if (this.#waiting.length > 0) this.#running ??= this.#takeAll()
  })

  constructor(warehouse: Warehouse, options: IntakeOptions) {
    this.#warehouse = warehouse
    this.#options = options
    this.position = options.position
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0
  }

  /** Whether something keeps segments out just now. */
  get isStuck(): boolean {
    return this.#failure !== undefined
  }

  add(segment: EndedSegment): void {
    this.#waiting.push(segment)
    this.#begin()
  }

  /** Resolves when everything that was added is in. @throws what keeps it out */
  async finish(): Promise<void> {
    this.#begin()
    await this.#running
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Tries no more; what is not in yet stays for the next opening. */
  stop(): void {
    clearTimeout(this.#retryTimer)
  }

  async #takeAll(): Promise<void> {
    const { batch, onFailure, onIdle } = this.#options
    try {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        await drainSegment(this.#warehouse, next.file, batch, next, onFailure)
        this.position = next.last
        this.#waiting.shift()
        this.#failure = undefined
      }
    } catch (error) {
      if (this.#failure === undefined) onFailure(error)
      this.#failure = error
      clearTimeout(this.#retryTimer)
      this.#retryTimer = setTimeout(() => this.#begin(), retryMs)
    } finally {
      this.#running = undefined
    }
    if (this.isIdle) onIdle()
  }
}
