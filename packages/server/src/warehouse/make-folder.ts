import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { RapportError } from '../base/index.ts'

/**
 * Makes a folder and those above it. Step by step from the top: where a file system refuses new entries, the recursive
 * form of Node never comes back.
 *
 * @throws RapportError `warehouse.folder` when something on the way is a file or cannot be made
 */
export function makeFolder(folder: string): void {
  const entry = statSync(folder, { throwIfNoEntry: false })
  if (entry?.isDirectory()) return
  if (entry) throw new RapportError('warehouse.folder', `the store must be a folder, got the file ${folder}`)
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new RapportError('warehouse.folder', `the folder ${folder} must be one that can be made, got ${reason}`, {
      cause: error,
    })
  }
}
