import type { Report } from './fault.ts'
import { canStoreLocally } from './store.ts'
import { uuid } from './uuid.ts'

/** An event that waits, already as JSON. */
export interface Waiting {
  readonly json: string
  /** UTF-8 bytes of `json`. */
  readonly bytes: number
  isFlying: boolean
}

/** Above this the oldest are given up, and reported. localStorage holds about five million characters. */
const waitingMax = 1000
const charactersMax = 2_000_000

/** Without locks a tab counts as closed when it has not written for so long; hidden tabs wake once a minute. */
const silentMs = 150_000
const heartbeatMs = 30_000

const encoder = new TextEncoder()
export const bytesOf = (text: string): number => encoder.encode(text).length

/**
 * The events of one tab that the server does not have yet, mirrored in localStorage.
 *
 * Every tab writes under a key of its own, so two tabs never overwrite each other, and holds a lock of that name while
 * it lives. A key whose lock is free belongs to a closed tab: whoever sees it first takes its events over.
 */
export class Queue {
  readonly #prefix: string
  readonly #report: Report
  #key: string
  #waiting: Waiting[] = []
  #isWriting = false
  /** Whether this tab may write: it is allowed to, can, and others know that it lives. */
  #isOurs = false
  #isLasting = false
  #kept: Promise<void> | undefined
  #letGo: () => void = () => {}

  /** @param scope the write key: events for different keys never mix */
  constructor(scope: string, report: Report) {
    this.#prefix = `rapport_queue.${scope}.`
    this.#key = this.#prefix + uuid()
    this.#report = report
  }

  /** From now on events are kept for the time after this page. */
  keep(): Promise<void> {
    this.#kept ??= this.#beginKeeping()
    return this.#kept
  }

  async #beginKeeping(): Promise<void> {
    if (!canStoreLocally()) {
      this.#report({ code: 'browser.storage', message: 'localStorage must be usable, got none', events: [] })
      return
    }
    this.#isLasting = true
    if (!navigator.locks) setInterval(() => this.#waiting.length > 0 && this.#write(), heartbeatMs)
    await this.#claim()
  }

  /** Whether anything waits that is not under way. */
  get isReady(): boolean {
    return this.#waiting.some(({ isFlying }) => !isFlying)
  }

  add(json: string): void {
    this.#waiting.push(waitingOf(json))
    this.#bound()
    this.#writeSoon()
  }

  /** The oldest events that are not under way, up to a number and a size; they count as under way from now on. */
  take(countMax: number, bytesMax: number): readonly Waiting[] {
    const taken: Waiting[] = []
    let bytes = 0
    for (const waiting of this.#waiting) {
      if (taken.length === countMax) break
      if (waiting.isFlying || bytes + waiting.bytes > bytesMax) continue
      bytes += waiting.bytes + 1
      waiting.isFlying = true
      taken.push(waiting)
    }
    return taken
  }

  putBack(taken: readonly Waiting[]): void {
    for (const waiting of taken) waiting.isFlying = false
  }

  remove(taken: readonly Waiting[]): void {
    const gone = new Set(taken)
    this.#waiting = this.#waiting.filter((waiting) => !gone.has(waiting))
    this.#writeSoon()
  }

  /** Takes over what closed tabs left behind. */
  async adopt(): Promise<void> {
    for (const key of this.#keysOfOthers()) {
      if (!navigator.locks) {
        await this.keep()
        this.#takeOver(key, Date.now() - silentMs)
        continue
      }
      const taking = navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
        if (lock === null) return
        await this.keep()
        this.#takeOver(key, Number.POSITIVE_INFINITY)
      })
      await taking.catch(() => {}) // the page is going: the next one will
    }
  }

  /** The page may be going for good: everything is left to be taken over, also by this page if it comes back. */
  close(): void {
    if (!this.#isLasting) return
    this.#isOurs = true
    this.#write(0)
    this.#letGo()
  }

  /** The page came back from the browser's cache; what it left may already be another tab's. */
  async reopen(): Promise<void> {
    if (!this.#isLasting) return
    this.#waiting = []
    this.#key = this.#prefix + uuid()
    await this.#claim()
    await this.adopt()
  }

  /** Others must see the lock before the key, or they would take the events of a living tab. */
  async #claim(): Promise<void> {
    if (navigator.locks) {
      await new Promise<void>((claimed) => {
        const held = new Promise<void>((letGo) => {
          this.#letGo = letGo
        })
        const holding = navigator.locks.request(this.#key, () => {
          claimed()
          return held
        })
        holding.catch(() => claimed()) // refused where the page is going: then nobody else writes here either
      })
    }
    this.#isOurs = true
    this.#write()
  }

  #keysOfOthers(): readonly string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.#prefix) && key !== this.#key)
    } catch {
      return [] // no storage, so nobody left anything
    }
  }

  #takeOver(key: string, latest: number): void {
    const left = parsed(localStorage.getItem(key))
    if (left.at > latest) return
    this.#waiting = [...left.events.map(waitingOf), ...this.#waiting]
    this.#bound()
    // Ours is written before theirs goes: a crash in between sends twice, which the server sees, but loses nothing.
    this.#write()
    localStorage.removeItem(key)
  }

  #bound(): void {
    const lost: Waiting[] = []
    let characters = this.#waiting.reduce((sum, { json }) => sum + json.length, 0)
    while (this.#waiting.length > waitingMax || characters > charactersMax) {
      const oldest = this.#waiting.shift()!
      characters -= oldest.json.length
      lost.push(oldest)
    }
    if (lost.length === 0) return
    this.#report({
      code: 'browser.overflow',
      message: `at most ${waitingMax} events may wait, so the oldest were given up`,
      events: lost.map(({ json }) => JSON.parse(json)),
    })
  }

  /** Once for all the events of a task: a burst would otherwise write the whole queue for each of them. */
  #writeSoon(): void {
    if (this.#isWriting) return
    this.#isWriting = true
    queueMicrotask(() => {
      this.#isWriting = false
      this.#write()
    })
  }

  #write(at = Date.now()): void {
    if (!this.#isOurs) return
    try {
      if (this.#waiting.length === 0) localStorage.removeItem(this.#key)
      else {
        const events = this.#waiting.map(({ json }) => json).join(',')
        localStorage.setItem(this.#key, `{"v":1,"at":${at},"events":[${events}]}`)
      }
    } catch (cause) {
      this.#isOurs = false
      this.#isLasting = false
      this.#report({ code: 'browser.storage', message: `localStorage must take the events, got ${cause}`, events: [] })
    }
  }
}

const waitingOf = (json: string): Waiting => ({ json, bytes: bytesOf(json), isFlying: false })

/** What a tab left. Another release's format and broken text give nothing: nobody could send it. */
function parsed(text: string | null): { readonly at: number; readonly events: readonly string[] } {
  try {
    const { v, at, events } = JSON.parse(text ?? '{}')
    if (v === 1 && Array.isArray(events))
      return { at: Number(at), events: events.map((event) => JSON.stringify(event)) }
  } catch {
    // Fall through.
  }
  return { at: 0, events: [] }
}
