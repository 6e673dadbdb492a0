import { existsSync, readdirSync } from 'node:fs'
import { copyFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { newId, RapportError, syncPath } from '../../base/index.ts'

/** What stays with a store's folder, whatever is restored into it. */
export const staying: readonly string[] = ['rapport.json', 'erasures.jsonl', 'erasures.key']

/**
 * Puts the folder `made` in the place of `store`. The old one goes aside first; when the state cannot follow, all is as it
 * was.
 *
 * @param takeOver has the state follow
 * @returns where the old store is now; null when there was none
 */
export async function swapStore(made: string, store: string, takeOver: () => Promise<void>): Promise<string | null> {
  const aside = existsSync(store) ? `${store}.${newId('replaced')}` : null
  for (const name of staying) if (existsSync(join(store, name))) await copyFile(join(store, name), join(made, name))
  await syncAll(made)
  if (aside !== null) await move(store, aside)
  try {
    await move(made, store)
    try {
      await takeOver()
    } catch (error) {
      await rename(store, made)
      throw error
    }
  } catch (error) {
    if (aside !== null) await rename(aside, store)
    throw error
  }
  await syncPath(dirname(store))
  if (aside === null || !isBare(aside)) return aside
  await rm(aside, { recursive: true })
  return null
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError(
      'operation.restore-folder',
      `the folder above the store must be one in which it can be renamed (the store no mount point of its own), got: ${got}`,
      { cause: error },
    )
  }
}

/** Whether nothing was in the folder that gave way but what stays with it. */
const isBare = (folder: string): boolean =>
  readdirSync(folder).every((name) => staying.includes(name) || name === 'owner.json')

async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) await syncPath(join(folder, entry.name))
  }
  await syncPath(folder)
}
