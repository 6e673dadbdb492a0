import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isoOf, now, RapportError, version } from '../base/index.ts'

/** Who has a store open. */
export interface Owner {
  readonly pid: number
  readonly version: string
  readonly since: string
}

const opened = new Set<string>()

/** Takes a store for this process without opening it. @param folder its real path @throws RapportError `warehouse.owned` */
export const ownStore = (folder: string): (() => void) => takeOwnership(folder, version)

/**
 * Takes the store in `folder` for this process: DuckDB would let one process open a file twice and then lose rows.
 *
 * @returns a function that lets it go
 * @throws RapportError `warehouse.owned` naming the process that has it
 */
export function takeOwnership(folder: string, version: string): () => void {
  if (opened.has(folder)) throw ownedBy(folder, { pid: process.pid, version, since: 'this run' })
  const file = join(folder, 'owner.json')
  // Twice at most: an owner that is no longer alive leaves its file behind.
  for (let attempt = 0; ; attempt += 1) {
    try {
      const descriptor = openSync(file, 'wx', 0o600)
      writeSync(descriptor, `${JSON.stringify({ pid: process.pid, version, since: isoOf(now()) })}\n`)
      closeSync(descriptor)
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = readOwner(file)
      if (attempt > 0 || (owner && owner.pid !== process.pid && isAlive(owner.pid))) throw ownedBy(folder, owner)
      rmSync(file, { force: true })
    }
  }
  opened.add(folder)
  return () => {
    opened.delete(folder)
    rmSync(file, { force: true })
  }
}

export function ownedBy(folder: string, owner: Owner | undefined): RapportError {
  const who = owner ? `process ${owner.pid} (rapport ${owner.version}, since ${owner.since})` : 'another process'
  return new RapportError(
    'warehouse.owned',
    `the store ${folder} must be open in one process only, got ${who} that has it open: end that process or wait for it`,
  )
}

/** A file cut short by a crash names nobody. */
export function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
