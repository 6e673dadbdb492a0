import type { IncomingMessage } from 'node:http'
import { elapsedMs, RapportError } from '../../base/index.ts'
import type { MemoryRoom } from './memory-room.ts'

export interface Rooms {
  /** For bodies as they come. */
  readonly arriving: MemoryRoom
  /** For what they are parsed to. */
  readonly parsed: MemoryRoom
}

/**
 * Bytes of objects that a byte of JSON becomes at most. Measured on Node 20 with 500 kB of each: `[[{}],[{}],…` 24,
 * `[{},{},…` 21, objects with one key each, and each another, 16 to 21, `[[],[],…` 13; numbers and text 5 or less.
 */
export const bytesPerJsonByte = 25

/** What a piece of a body takes besides its bytes: it may be as small as one byte. */
const pieceBytes = 200

/** A body must be there after so long, or have come at this pace since it began. */
const graceMs = 10_000
const leastBytesPerSecond = 4000

/** The memory that one request holds. */
export class RequestRoom {
  readonly #rooms: Rooms
  readonly #holders: readonly string[]
  readonly #body: IncomingMessage
  readonly #begunAt = elapsedMs()
  #came = 0
  #arrived = 0
  #parsed = 0
  #isCut = false
  readonly #count = ({ length }: Buffer): void => this.#arrive(length)

  /** @param holders whose shares it takes */
  constructor(rooms: Rooms, holders: readonly string[], body: IncomingMessage) {
    this.#rooms = rooms
    this.#holders = holders
    this.#body = body
    body.on('data', this.#count)
  }

  /** Waits until there is room for what so many bytes of JSON become. @throws RapportError `api.busy` */
  forJson(bytes: number): Promise<void> | undefined {
    const cost = bytes * bytesPerJsonByte
    const turn = this.#rooms.parsed.take(cost, this.#holders)
    if (turn) return this.#after(turn, cost)
    this.#parsed += cost
    return undefined
  }

  /** Ends a body that comes too slowly. */
  checkPace(): void {
    const tookMs = elapsedMs() - this.#begunAt
    if (tookMs < graceMs || this.#came >= (leastBytesPerSecond * tookMs) / 1000) return
    const pace = `in ${graceMs / 1000} s, or at ${leastBytesPerSecond} bytes a second`
    this.#end(new RapportError('api.slow', `the body must come ${pace}, got ${this.#came} bytes of it`))
  }

  /** Its sender has gone. What was parsed is held until the work on it ends. */
  cut(): void {
    this.#isCut = true
    this.#giveArrived()
  }

  answered(): void {
    this.#body.off('data', this.#count)
    this.#giveArrived()
    this.#rooms.parsed.give(this.#parsed, this.#holders)
    this.#parsed = 0
  }

  async #after(turn: Promise<void>, cost: number): Promise<void> {
    await turn
    this.#parsed += cost
    if (this.#isCut) throw new RapportError('api.busy', 'the sender must wait for its turn, it has gone')
  }

  #arrive(length: number): void {
    const bytes = length + pieceBytes
    try {
      this.#rooms.arriving.takeNow(bytes, this.#holders)
      this.#came += length
      this.#arrived += bytes
    } catch (error) {
      this.#end(error as Error)
    }
  }

  /** Whoever reads the body answers with the error; where nobody does, it has been answered. */
  #end(error: Error): void {
    this.#body.off('data', this.#count)
    this.#giveArrived()
    if (this.#body.listenerCount('error') > 0) this.#body.emit('error', error)
  }

  #giveArrived(): void {
    this.#rooms.arriving.give(this.#arrived, this.#holders)
    this.#arrived = 0
  }
}
