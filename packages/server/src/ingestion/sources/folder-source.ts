import { lstatSync, type Stats } from 'node:fs'
import { readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { now, RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import { inspectFile } from '../reading/inspect-file.ts'
import type { Source, SourcePage } from './source.ts'

/** A file as it was when it was taken. */
interface TakenFile {
  readonly bytes: number
  readonly modifiedMs: number
  readonly sha256: string
}

/** Every file that is there and was taken, by its name. */
interface FolderCursor {
  readonly files: Readonly<Record<string, TakenFile>>
}

/** A file that changed within this time is left to the next run: somebody may still be writing it. */
const quietMs = 2000

/**
 * Files that somebody puts into a folder: each new one, and each that has other content than before, the oldest first. The
 * same content under another name is not taken again. Folders in it, links, and files whose names say that they are not
 * ready (`.x`, `x.tmp`, `x.part`) are left alone.
 *
 * @param allowed folders that the operator allows
 * @param quiet ms
 */
export function folderSource(path: string, allowed: readonly string[], quiet = quietMs): Source {
  return {
    pages: (cursor, _, work) =>
      readFolder(path, allowed, (cursor ?? { files: {} }) as unknown as FolderCursor, quiet, work),
  }
}

async function* readFolder(
  path: string,
  allowed: readonly string[],
  cursor: FolderCursor,
  quiet: number,
  work: Work,
): AsyncGenerator<SourcePage> {
  const folder = await checkFolder(path, allowed)
  const all = await filesOf(folder)
  const names = new Set(all.map(({ name }) => name))
  let taken = cursor.files
  const changed = all.filter(({ name, stats }) => !isAsTaken(stats, taken[name]))
  const ready = await stillThere(folder, changed, quiet, work)
  for (const { name, stats } of ready) {
    const file = join(folder, name)
    const before = taken
    // What is wrong with a file that cannot be read is for its import to say.
    const sha256 = await inspectFile(file, work).then(
      (inspected) => inspected.sha256,
      () => '',
    )
    stopIfAborted(work)
    const known = sha256 !== '' && isKnown(sha256, name, taken)
    const seen = { bytes: stats.size, modifiedMs: stats.mtimeMs, sha256 }
    taken = { ...Object.fromEntries(Object.entries(taken).filter(([one]) => names.has(one))), [name]: seen }
    yield {
      name,
      file: known ? undefined : file,
      cursor: { files: taken },
      // The others do not need this one; it comes again with the next run.
      leaveOut: () => {
        taken = before
      },
    }
  }
}

const isAsTaken = (stats: Stats, taken: TakenFile | undefined): boolean =>
  taken !== undefined && taken.bytes === stats.size && taken.modifiedMs === stats.mtimeMs

/** Touched only, or copied; a file that was changed back to what another was has changed. */
function isKnown(sha256: string, name: string, taken: FolderCursor['files']): boolean {
  const before = taken[name]
  return before ? before.sha256 === sha256 : Object.values(taken).some((one) => one.sha256 === sha256)
}

interface Found {
  readonly name: string
  readonly stats: Stats
}

/** The oldest first, so that of two files about the same the later one holds. */
async function filesOf(folder: string): Promise<Found[]> {
  const found: Found[] = []
  for (const name of await readdir(folder)) {
    if (/^\.|~$|\.(tmp|temp|part|partial|crdownload|swp)$/i.test(name)) continue
    const stats = statOf(join(folder, name))
    if (stats?.isFile()) found.push({ name, stats })
  }
  return found.sort((one, other) => one.stats.mtimeMs - other.stats.mtimeMs || (one.name < other.name ? -1 : 1))
}

function statOf(path: string): Stats | undefined {
  try {
    // Not through links: they could lead out of the folder.
    return lstatSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Those that nobody seems to be writing: not changed for a while, and the same at a second look. */
async function stillThere(folder: string, found: readonly Found[], quiet: number, work: Work): Promise<Found[]> {
  if (found.length === 0) return []
  await wait(Math.min(quiet, 1000), undefined, work.signal ? { signal: work.signal } : {}).catch(() =>
    stopIfAborted(work),
  )
  return found.filter(({ name, stats }) => {
    const later = statOf(join(folder, name))
    const isQuiet = now() - stats.mtimeMs >= quiet
    return isQuiet && later?.size === stats.size && later.mtimeMs === stats.mtimeMs
  })
}

/**
 * The real path of a folder that sources may read.
 *
 * @throws RapportError `sources.folder` when there is no such folder, or the operator does not allow it
 */
export async function checkFolder(path: string, allowed: readonly string[]): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  for (const one of allowed) {
    const root = await realpath(one).catch(() => undefined)
    if (root !== undefined && (real === root || real?.startsWith(root.endsWith(sep) ? root : `${root}${sep}`))) {
      return real
    }
  }
  throw new RapportError(
    'sources.folder',
    `the folder must be there and in one that the setting sourceFolders allows (${allowed.join(', ') || 'none yet'}), got ${path}`,
  )
}
