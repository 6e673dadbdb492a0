import { createWriteStream, existsSync, readdirSync, realpathSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { newId, RapportError, shortened, type Work } from '../../base/index.ts'
import { isStateEmpty, type RestoredState, restoreState, type StateRow } from '../../state/index.ts'
import { openWarehouse, ownStore, restoreWarehouse } from '../../warehouse/index.ts'
import { onFullDisk } from './full-disk.ts'
import type { Manifest } from './manifest.ts'
import { rowsIn } from './rows-in.ts'
import { staying, swapStore } from './swap-store.ts'
import { damaged } from './tar-reader.ts'
import { type VerifiedBackup, verifyBackup } from './verify-backup.ts'

export interface RestoreOptions {
  /** The store's folder. */
  readonly store: string
  /** `postgres://…` where state is kept there. */
  readonly stateUrl: string | undefined
  /** Whether a store that is there gives way; it is kept beside. */
  readonly isReplacing: boolean
  readonly work?: Work | undefined
}

export interface Restored {
  readonly manifest: Manifest
  /** Where the store that was there is now; null when there was none. */
  readonly replaced: string | null
}

/**
 * Puts a backup in the place of a store: all of it, or nothing. Every byte is checked first; then a new store is made
 * beside, in the schema of then, and brought up to date; at last it takes the place of the old one, which is kept.
 *
 * @throws RapportError `operation.restore-target` when there is a store and it is not to be replaced,
 * `operation.restore-state` when the backup's state is of the other database, `operation.backup-damaged`,
 * `warehouse.owned` while a process has the store open, `work.aborted`
 */
export async function restoreBackup(file: string, options: RestoreOptions): Promise<Restored> {
  const { stateUrl, isReplacing, work } = options
  const store = existsSync(options.store) ? realpathSync(options.store) : resolve(options.store)
  const backup = await verifyBackup(file, work)
  const database = stateUrl === undefined ? 'sqlite' : 'postgres'
  if (backup.manifest.state.database !== database) {
    throw new RapportError(
      'operation.restore-state',
      `the backup’s state must be of ${database}, as stateUrl says, got ${backup.manifest.state.database}: moving state from one to the other is not possible yet`,
    )
  }
  await checkTarget(store, stateUrl, isReplacing)
  const letGo = existsSync(store) ? ownStore(store) : undefined
  const made = `${store}.${newId('restoring')}`
  try {
    await mkdir(made, { recursive: true, mode: 0o700 })
    return await onFullDisk(made, () => fillAndSwap(file, backup, { made, store, stateUrl, work }))
  } catch (error) {
    if (error instanceof RapportError && unfitting.includes(error.code)) throw damaged(file, error.message, error)
    throw error
  } finally {
    await rm(made, { recursive: true, force: true })
    letGo?.()
  }
}

/** What the stores say of contents that are not as they would have written them. */
const unfitting: readonly string[] = ['state.contents', 'warehouse.contents']

async function checkTarget(store: string, stateUrl: string | undefined, isReplacing: boolean): Promise<void> {
  const held = existsSync(store) ? readdirSync(store).filter((name) => !staying.includes(name)) : []
  if (isReplacing) return
  if (held.length > 0) {
    throw new RapportError(
      'operation.restore-target',
      `${store} must be empty or not there, it holds a store or other files (${shortened(held.join(', '), 80)}): --replace puts the backup in its place`,
    )
  }
  if (stateUrl !== undefined && !(await isStateEmpty(stateUrl))) {
    throw new RapportError(
      'operation.restore-target',
      'PostgreSQL must hold no state of rapport yet, it does: --replace puts the backup in its place',
    )
  }
}

interface Places {
  /** The new store, until it takes its place. */
  readonly made: string
  readonly store: string
  readonly stateUrl: string | undefined
  readonly work: Work | undefined
}

async function fillAndSwap(file: string, { manifest, tar }: VerifiedBackup, places: Places): Promise<Restored> {
  const { made, store, work } = places
  const state = await fillState(file, { manifest, tar }, places)
  try {
    await fillWarehouse(file, { manifest, tar }, made, work)
    for (const { name } of manifest.files) {
      await pipeline(tar.read(name), createWriteStream(join(made, basename(name)), { mode: 0o600 }))
    }
    // Opened once, so that its schema is this version's and what cannot be opened takes nobody's place.
    await openOnce(file, made)
    const replaced = await swapStore(made, store, () => state.takeOver())
    return { manifest, replaced }
  } finally {
    await state.close()
  }
}

async function openOnce(file: string, made: string): Promise<void> {
  try {
    await (await openWarehouse(made)).close()
  } catch (error) {
    if (error instanceof RapportError) throw error
    const got = error instanceof Error ? error.message : String(error)
    throw damaged(file, `it cannot be brought to this version’s schema, got: ${got}`, error)
  }
}

async function fillState(file: string, { manifest, tar }: VerifiedBackup, places: Places): Promise<RestoredState> {
  const { made, stateUrl, work } = places
  const { tables, migrations } = manifest.state
  let done = 0
  return restoreState(
    made,
    stateUrl,
    migrations,
    async function* rowsOf(name): AsyncGenerator<readonly StateRow[]> {
      const table = tables.find((each) => each.name === name)
      if (!table) throw damaged(file, `it must hold the table ${name}`)
      work?.onProgress?.({ stage: `restore ${name}`, done, total: tables.length })
      done += 1
      let rows = 0
      for (const each of table.files) {
        for await (const some of rowsIn(file, each.name, tar.read(each.name))) {
          rows += some.length
          yield some
        }
      }
      if (rows !== table.rows) throw damaged(file, `${name} must have ${table.rows} rows, got ${rows}`)
    },
    work,
  )
}

async function fillWarehouse(
  file: string,
  { manifest: { warehouse }, tar }: VerifiedBackup,
  made: string,
  work?: Work,
): Promise<void> {
  const parts = join(made, 'parts')
  await mkdir(parts, { mode: 0o700 })
  const { tables } = warehouse
  let done = 0
  const counts = await restoreWarehouse(
    made,
    warehouse,
    async function* filesOf(name): AsyncGenerator<string> {
      work?.onProgress?.({ stage: `restore ${name}`, done, total: tables.length })
      done += 1
      for (const each of tables.find((table) => table.name === name)!.files) {
        const part = join(parts, basename(each.name))
        await pipeline(tar.read(each.name), createWriteStream(part, { mode: 0o600 }))
        yield part
        await rm(part)
      }
    },
    parts,
    work,
  )
  await rm(parts, { recursive: true })
  for (const { name, rows } of tables) {
    const got = counts.get(name) ?? 0
    if (got !== rows) throw damaged(file, `${name} must have ${rows} rows, got ${got}`)
  }
}
