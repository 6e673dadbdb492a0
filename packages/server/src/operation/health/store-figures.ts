import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventLog } from '../../ingestion/index.ts'
import type { State } from '../../state/index.ts'

/** How the store stands at one moment. */
export interface StoreFigures {
  readonly isReady: boolean
  readonly eventsWaiting: number
  readonly diskFreeBytes: number
  /** Bytes on disk: `warehouse`, `state`, `log`, each where it is in the store's folder. */
  readonly bytes: Readonly<Record<string, number>>
  /** undefined when the state store does not answer. */
  readonly state: StateFigures | undefined
}

export interface StateFigures {
  /** Events of the log that each follower has not taken in. */
  readonly lags: ReadonlyMap<string, number>
  readonly jobs: ReadonlyMap<string, number>
}

/** @param log its end is what the followers are measured against */
export async function stateFigures({ queries }: State, log: Pick<EventLog, 'position'>): Promise<StateFigures> {
  const end = log.position
  const cursors = await queries.selectFrom('cursors').selectAll().execute()
  const jobs = await queries
    .selectFrom('jobs')
    .select(['status', ({ fn }) => fn.countAll<number | string>().as('count')])
    .groupBy('status')
    .execute()
  return {
    lags: new Map(cursors.map(({ follower, position }) => [follower, Math.max(0, end - position)])),
    jobs: new Map(jobs.map(({ status, count }) => [status, Number(count)])),
  }
}

/** Bytes that a user of this machine may still write where `folder` is. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const parts: Readonly<Record<string, (name: string) => boolean>> = {
  warehouse: (name) => name.startsWith('warehouse.duckdb'),
  state: (name) => name.startsWith('state.sqlite'),
  log: (name) => name === 'log',
}

/** Bytes that each part of the store takes in its folder; a part that is not there is left out. */
export async function storeBytes(folder: string): Promise<Readonly<Record<string, number>>> {
  const sizes: Record<string, number> = {}
  for (const name of await readdir(folder)) {
    const part = Object.keys(parts).find((candidate) => parts[candidate]!(name))
    if (part !== undefined) sizes[part] = (sizes[part] ?? 0) + (await bytesOf(join(folder, name)))
  }
  return sizes
}

async function bytesOf(path: string): Promise<number> {
  try {
    const entry = await stat(path)
    if (!entry.isDirectory()) return entry.size
    const inside = await Promise.all((await readdir(path)).map((name) => bytesOf(join(path, name))))
    return inside.reduce((sum, size) => sum + size, 0)
  } catch (error) {
    // A file of the log may go between being listed and being looked at.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}
