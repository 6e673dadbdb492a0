import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Instant, RapportError } from '../../base/index.ts'
import { openPseudonyms, type Pseudonyms } from './pseudonyms.ts'

/** The file beside the store: it outlives the restoring of an older backup. */
export const erasureListFile = 'erasures.jsonl'

/** One erasure, with nobody's name in it. */
export interface ListedErasure {
  readonly erasureId: string
  /** What happened by then and comes again is refused. */
  readonly at: Instant
  /** Whether what happens later is refused too. */
  readonly isSuppressed: boolean
  /** Which key the pseudonyms were made with. */
  readonly keyId: string
  /** Pseudonyms of every id of the person. */
  readonly ids: readonly string[]
}

const line = z.strictObject({
  erasureId: z.string(),
  at: z.number(),
  isSuppressed: z.boolean(),
  keyId: z.string(),
  ids: z.array(z.string()),
})

/** Whom this store has erased: keyed pseudonyms in a file beside it, one erasure a line, never rewritten. */
export class ErasureList {
  readonly pseudonyms: Pseudonyms
  readonly #file: string
  #readAt = { size: 0, mtimeMs: 0 }
  #all: readonly ListedErasure[] = []
  #byId = new Map<string, ListedErasure[]>()
  #latest: Instant = Number.NEGATIVE_INFINITY
  #isAnySuppressed = false
  #refused = new Map<string, number>()

  /** @param folder the store's */
  constructor(folder: string) {
    this.#file = join(folder, erasureListFile)
    this.pseudonyms = openPseudonyms(folder)
    this.refresh()
  }

  get all(): readonly ListedErasure[] {
    return this.#all
  }

  /** The moment of the last erasure: what happened later is of interest only where an erasure suppresses. */
  get latest(): Instant {
    return this.#latest
  }

  get isAnySuppressed(): boolean {
    return this.#isAnySuppressed
  }

  /** Reads what another process added. */
  refresh(): void {
    if (!existsSync(this.#file)) return
    const { size, mtimeMs } = statSync(this.#file)
    if (size === this.#readAt.size && mtimeMs === this.#readAt.mtimeMs) return
    this.#readAt = { size, mtimeMs }
    this.#take(readErasureList(this.#file))
  }

  /** Adds an erasure; on disk when it returns. */
  add(erasure: Omit<ListedErasure, 'keyId' | 'ids'>, keys: readonly string[]): void {
    const ids = keys.map((key) => this.pseudonyms.of(key))
    const entry = { ...erasure, keyId: this.pseudonyms.keyId, ids }
    const descriptor = openSync(this.#file, 'a', 0o600)
    try {
      cutShortLine(this.#file)
      writeSync(descriptor, `${JSON.stringify(entry)}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    this.#take([...this.#all, entry])
  }

  /** The erasure that refuses something of this identity that happened at `at`; undefined when none does. */
  refusing(key: string, at: Instant): ListedErasure | undefined {
    const listed = this.#byId.get(this.pseudonyms.of(key))
    return listed?.find((erasure) => erasure.isSuppressed || at <= erasure.at)
  }

  countRefused({ erasureId }: ListedErasure, records = 1): void {
    this.#refused.set(erasureId, (this.#refused.get(erasureId) ?? 0) + records)
  }

  /** How many records each erasure has refused since this was asked last. */
  takeRefused(): ReadonlyMap<string, number> {
    const refused = this.#refused
    this.#refused = new Map()
    return refused
  }

  #take(all: readonly ListedErasure[]): void {
    this.#all = all
    this.#byId = new Map()
    for (const erasure of all) {
      for (const id of erasure.ids) this.#byId.set(id, [...(this.#byId.get(id) ?? []), erasure])
      this.#latest = Math.max(this.#latest, erasure.at)
      this.#isAnySuppressed ||= erasure.isSuppressed
    }
  }
}

/** Takes away what a crash left of a last line. */
function cutShortLine(file: string): void {
  const text = readFileSync(file)
  const whole = text.lastIndexOf(0x0a) + 1
  if (whole < text.length) truncateSync(file, whole)
}

/**
 * The erasures of a list; none where there is no such file.
 *
 * @throws RapportError `consent.erasure-list` for a line that is none: what it said would be lost
 */
function readErasureList(file: string): ListedErasure[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // A crash can cut the last line short; that erasure was not acknowledged, and whoever asked for it goes on with it.
  const whole = lines.slice(0, -1)
  return whole.flatMap((text, at) => {
    if (text === '') return []
    try {
      return [line.parse(JSON.parse(text))]
    } catch (error) {
      throw new RapportError('consent.erasure-list', `line ${at + 1} of ${file} must be an erasure, it is not`, {
        cause: error,
      })
    }
  })
}
