import { AsyncResource } from 'node:async_hooks'
import { existsSync } from 'node:fs'
import { readFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type Instant, oneAtATime } from '../../base/index.ts'
import { LogFile, logFilesIn } from '../../ingestion/index.ts'
import { readQueries, type Warehouse } from '../../warehouse/index.ts'
import type { Movement } from '../live/movement.ts'
import type { KeptMovement } from './kept-movement.ts'
import { movementLine } from './movement-line.ts'
import { movementRows } from './movement-rows.ts'

const query = readQueries(new URL('./movements.sql', import.meta.url))

/** How often the warehouse takes in what came, and how soon a disk that failed is tried again, ms. */
const drainMs = 500
const retryMs = 1000
/** Movements that are written at one go. */
const writtenAtOnce = 5000

export interface JournalOptions {
  /** Told, once each time, of what keeps movements from the disk or out of the warehouse. */
  readonly onFailure: (error: unknown) => void
}

/** Some of the movements after a number. */
export interface ReadMovements {
  readonly movements: readonly KeptMovement[]
  /** Up to this number there are no others. */
  readonly through: number
}

/**
 * Movements, kept for good and then told. Whoever moves somebody does not wait: what comes while the disk is busy shares the
 * next write, and is told when it is there; a moment later the warehouse takes it in. What a crash keeps from the disk was
 * told to nobody.
 */
export class MovementJournal {
  private readonly warehouse: Warehouse
  private readonly onFailure: JournalOptions['onFailure']
  private readonly listeners = new Set<(movements: readonly KeptMovement[]) => void>()
  private queue: KeptMovement[] = []
  /** On disk, and not in the warehouse yet. */
  private tail: KeptMovement[] = []
  private given: number
  private told: number
  private file: LogFile | undefined
  private ended: { readonly path: string; readonly last: number }[] = []
  private writing: Promise<void> | undefined
  private readonly inTurn = oneAtATime()
  private readonly timers: Record<'write' | 'drain', NodeJS.Timeout | undefined> = {
    write: undefined,
    drain: undefined,
  }
  private failure: unknown
  private isClosed = false
  /** Out of whatever transaction the caller is in: the warehouse would take these for a part of it. */
  private readonly begin = AsyncResource.bind((work: 'write' | 'drain') => {
    if (work === 'drain') void this.drain()
    else if (this.queue.length > 0) this.writing ??= this.writeAll()
  })

  private constructor(warehouse: Warehouse, last: number, { onFailure }: JournalOptions) {
    this.warehouse = warehouse
    this.onFailure = onFailure
    this.given = last
    this.told = last
  }

  /** Takes in what a process that ended in the middle has told. */
  static async open(warehouse: Warehouse, options: JournalOptions): Promise<MovementJournal> {
    await recoverMovements(warehouse)
    return new MovementJournal(warehouse, await cursorOf(warehouse), options)
  }

  /** The number that the latest movement has, told or not. */
  get last(): number {
    return this.given
  }

  /** The number of the latest movement that was told. */
  get lastTold(): number {
    return this.told
  }

  /** Movements that are in memory: they wait for the disk, or for the warehouse. */
  get waiting(): number {
    return this.queue.length + this.tail.length
  }

  /** Keeps movements, and tells them once they are on disk. */
  add(movements: readonly Movement[]): void {
    for (const movement of movements) {
      this.given += 1
      this.queue.push(keptOf(movement, this.given))
    }
    if (movements.length > 0 && !this.isClosed) this.begin('write')
  }

  /** Tells whoever listens of movements in the order of their numbers, each once. @returns stops it */
  onTold(listener: (movements: readonly KeptMovement[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Resolves when everything that was added before is on disk. @throws what keeps it from there */
  async flush(): Promise<void> {
    const goal = this.given
    while (this.told < goal && !this.isClosed) {
      this.begin('write')
      await this.writing
      if (this.failure !== undefined) throw this.failure
    }
  }

  /** Resolves when everything that was added before is in the warehouse. @throws what keeps it out */
  async settle(): Promise<void> {
    await this.flush()
    await this.takeIn()
  }

  /** The number after which the first movement of this moment, or of a later one, comes. */
  async before(moment: Instant): Promise<number> {
    const waiting = [...this.tail, ...this.queue]
    const first = waiting.find(({ at }) => at >= moment)?.number ?? this.given + 1
    const [row] = await this.warehouse.rows<{ number: number | null }>(query('first_since'), { moment })
    return Math.min(first, row!.number ?? first) - 1
  }

  /** The next movements after a number. */
  async after(after: number, most: number): Promise<ReadMovements> {
    // Later than the latest is of another time, as before a backup was put back.
    const number = Math.min(after, this.told)
    const first = this.tail[0]?.number
    if (first !== undefined && number >= first - 1) {
      // Numbers of the tail follow each other.
      const from = number - first + 1
      const movements = this.tail.slice(from, from + most)
      return { movements, through: movements.at(-1)?.number ?? Math.max(number, this.told) }
    }
    const until = first === undefined ? this.told : first - 1
    const movements = await movementRows(this.warehouse, { after: number, until, most })
    const through = movements.length < most ? Math.max(number, until) : movements.at(-1)!.number
    return { movements, through }
  }

  /** Removes every movement of these customers. @returns how many */
  async erase(ids: readonly string[]): Promise<number> {
    await this.settle()
    return eraseMovements(this.warehouse, ids)
  }

  /** Resolves when everything is in the warehouse; nothing is written from here on. */
  async close(): Promise<void> {
    try {
      await this.settle()
    } finally {
      this.isClosed = true
      for (const timer of Object.values(this.timers)) clearTimeout(timer)
      await this.file?.close()
      this.file = undefined
    }
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.queue.length > 0) {
        const movements = this.queue.slice(0, writtenAtOnce)
        this.file ??= await LogFile.begin(folderOf(this.warehouse), movements[0]!.number)
        await this.file.append(movements.map(movementLine).join(''))
        this.queue = this.queue.slice(movements.length)
        this.tail.push(...movements)
        this.told = movements.at(-1)!.number
        this.tell(movements)
        this.failure = undefined
      }
      this.later('drain', drainMs)
    } catch (error) {
      // The file is as it was before, or is written over from there.
      if (this.failure === undefined) this.onFailure(error)
      this.failure = error
      this.later('write', retryMs)
    } finally {
      this.writing = undefined
    }
  }

  private tell(movements: readonly KeptMovement[]): void {
    for (const listener of this.listeners) {
      try {
        listener(movements)
      } catch (error) {
        this.onFailure(error)
      }
    }
  }

  private later(work: 'write' | 'drain', afterMs: number): void {
    if (this.isClosed || this.timers[work] !== undefined) return
    const timer = setTimeout(() => {
      this.timers[work] = undefined
      this.begin(work)
    }, afterMs)
    this.timers[work] = timer.unref()
  }

  private async drain(): Promise<void> {
    try {
      await this.takeIn()
    } catch (error) {
      this.onFailure(error)
      this.later('drain', retryMs)
    }
  }

  /** What is on disk, into the warehouse: each file once. */
  private takeIn(): Promise<void> {
    return this.inTurn(async () => {
      // Not in the middle of a write: the file ends between two of them.
      await this.writing
      if (this.file !== undefined) {
        const { file } = this
        this.ended.push({ path: file.file, last: this.told })
        this.file = undefined
        await file.close()
      }
      for (let next = this.ended[0]; next !== undefined; next = this.ended[0]) {
        await takeFile(this.warehouse, next.path, next.last)
        this.ended.shift()
        const { last } = next
        this.tail = this.tail.filter(({ number }) => number > last)
      }
    })
  }
}

/** Of somebody who was erased only that somebody left. */
function keptOf(movement: Movement, number: number): KeptMovement {
  const { segment, version, sequence, at, isEntry, reason } = movement
  const { because } = reason
  const customer = because === 'erasure' ? null : movement.customer
  // Why everybody is in a segment that is new is the segment's definition.
  const isBare = because === 'erasure' || because === 'definition'
  return {
    segment,
    version,
    sequence,
    customer,
    at,
    isEntry,
    reason: isBare ? { because, clauses: [] } : reason,
    number,
  }
}

const folderOf = ({ logFolder }: Warehouse): string => join(logFolder, 'movements')

async function cursorOf(warehouse: Warehouse): Promise<number> {
  const [row] = await warehouse.rows<{ number: number }>(query('cursor'))
  return row!.number
}

/** Takes the files of movements into the warehouse that a process left which ended in the middle. */
export async function recoverMovements(warehouse: Warehouse): Promise<void> {
  for (const path of logFilesIn(folderOf(warehouse))) {
    const bytes = await readFile(path)
    // What it was writing when it ended was told to nobody.
    const whole = bytes.lastIndexOf(0x0a) + 1
    if (whole < bytes.length) await truncate(path, whole)
    if (whole === 0) {
      await rm(path)
      continue
    }
    const [row] = await warehouse.rows<{ number: number }>(query('last_in_file'), { file: path })
    await takeFile(warehouse, path, row!.number)
  }
}

/** All or nothing, and once. */
async function takeFile(warehouse: Warehouse, path: string, last: number): Promise<void> {
  if (!existsSync(path)) return
  await warehouse.transaction(async () => {
    await warehouse.run(query('take'), { file: path, cursor: await cursorOf(warehouse) })
    await warehouse.run(query('move_cursor'), { last })
  })
  await rm(path)
}

/** Removes every movement of these customers from the warehouse, or their names where it is the segment's latest. @returns how many */
export async function eraseMovements(warehouse: Warehouse, ids: readonly string[]): Promise<number> {
  const given = { ids: JSON.stringify(ids) }
  return warehouse.transaction(async () => {
    const [nameless] = await warehouse.rows<{ Count: number }>(query('leave_last_nameless'), given)
    const [gone] = await warehouse.rows<{ Count: number }>(query('erase'), given)
    return nameless!.Count + gone!.Count
  })
}
