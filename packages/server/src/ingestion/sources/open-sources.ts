import { existsSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceDefinition } from '@rapport/protocol'
import { type GuardedFetch, now, RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import type { State } from '../../state/index.ts'
import type { Warehouse } from '../../warehouse/index.ts'
import { readCursor } from './cursor.ts'
import { folderSource } from './folder-source.ts'
import { httpSource } from './http-source.ts'
import { secretFor } from './secrets.ts'
import type { Source } from './source.ts'
import { SourceWait } from './source-wait.ts'
import { findSource, noteRun } from './stored-sources.ts'
import { type Destination, nothingTaken, type Taken, takePage } from './take-page.ts'

export interface SourceParts extends Destination {
  readonly state: State
  readonly fetch: GuardedFetch
  /** Folders whose files may be taken. */
  readonly folders: readonly string[]
}

/** What a run came to. */
export interface SourceRun extends Taken {
  /** True when the run's time was over before the source's end: another run goes on. */
  readonly hasMore: boolean
}

/** The sources of a store, in the process that has it open. */
export interface Sources {
  /**
   * Fetches what a source has and takes it, page by page; stopped at any moment, the next run goes on after the last page.
   * Runs of one source wait for one another.
   *
   * @param mostMs ends after the page that is being taken when so much time has gone. Default: none
   * @throws SourceWait; RapportError why it could not come to its end, which the source's view shows too
   */
  run(name: string, work: Work, mostMs?: number): Promise<SourceRun>
}

export function openSources(parts: SourceParts): Sources {
  const turns = new Map<string, Promise<unknown>>()
  removeLeftOver(parts.warehouse)
  return {
    run: (name, work, mostMs = Number.POSITIVE_INFINITY) => {
      const turn = (turns.get(name) ?? Promise.resolve()).then(() => runSource(parts, name, work, mostMs))
      const ended = turn.catch(() => undefined)
      turns.set(name, ended)
      void ended.then(() => {
        if (turns.get(name) === ended) turns.delete(name)
      })
      return turn
    },
  }
}

const lent = new WeakMap<Warehouse, Sources>()

/** Lets commands that a server runs for others use its sources: events have one way into the log. */
export function lendSources(warehouse: Warehouse, sources: Sources): void {
  lent.set(warehouse, sources)
}

export const lentSources = (warehouse: Warehouse): Sources | undefined => lent.get(warehouse)

/** Folders of runs that were killed: a store has one owner, so no run is going on now. */
function removeLeftOver({ folder }: Warehouse): void {
  const spill = join(folder, 'spill')
  if (!existsSync(spill)) return
  for (const name of readdirSync(spill)) {
    if (name.startsWith('source-')) rmSync(join(spill, name), { recursive: true, force: true })
  }
}

async function runSource(parts: SourceParts, name: string, work: Work, mostMs: number): Promise<SourceRun> {
  const { state, warehouse } = parts
  const { definition, waitUntil } = await findSource(state, name)
  if (waitUntil !== null && waitUntil > now()) throw new SourceWait(name, waitUntil)
  const spill = join(warehouse.folder, 'spill')
  await mkdir(spill, { recursive: true })
  const folder = await mkdtemp(join(spill, 'source-'))
  try {
    const run = await takePages(parts, name, definition, folder, work, mostMs)
    if (!run.hasMore) await noteRun(state, name, { result: run })
    return run
  } catch (error) {
    if (!work.signal?.aborted) {
      const wait = error instanceof SourceWait ? error.until : null
      await noteRun(state, name, { failure: wordsOf(error), waitUntil: wait })
    }
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const wordsOf = (error: unknown): string =>
  error instanceof RapportError ? `${error.message} (${error.code})` : String(error)

async function takePages(
  parts: SourceParts,
  name: string,
  { from, into }: SourceDefinition,
  folder: string,
  work: Work,
  mostMs: number,
): Promise<SourceRun> {
  const { state, warehouse, fetch, folders } = parts
  const source: Source =
    from.type === 'folder'
      ? folderSource(from.path, folders)
      : httpSource(from, fetch, (secret, url) => secretFor(state.queries, secret, url))
  const begun = now()
  const failures: unknown[] = []
  let taken = nothingTaken
  let pages = 0
  for await (const page of source.pages(await readCursor(warehouse, name), folder, work)) {
    stopIfAborted(work)
    work.onProgress?.({ stage: `${name}: ${page.name}`, done: pages, total: pages + 1 })
    try {
      taken = sumOf(taken, await takePage(parts, name, into, page, work))
    } catch (error) {
      stopIfAborted(work)
      if (!page.leaveOut) throw error
      page.leaveOut()
      failures.push(error)
    }
    pages += 1
    if (now() - begun >= mostMs) return { ...taken, hasMore: true }
  }
  if (failures.length > 0) throw failures[0]
  work.onProgress?.({ stage: name, done: pages, total: pages })
  return { ...taken, hasMore: false }
}

/** A field is unseen when no page had it. */
function sumOf(one: Taken, other: Taken): Taken {
  const sum = (field: 'read' | 'accepted' | 'duplicates' | 'quarantined' | 'ignored'): number =>
    one[field] + other[field]
  const unseen =
    one.read === 0
      ? other.unseen
      : other.read === 0
        ? one.unseen
        : one.unseen.filter((field) => other.unseen.includes(field))
  return {
    ...{ read: sum('read'), accepted: sum('accepted'), duplicates: sum('duplicates') },
    ...{ quarantined: sum('quarantined'), ignored: sum('ignored'), unseen },
  }
}
