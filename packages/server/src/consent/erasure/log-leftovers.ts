import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Removes what a crash cut off the end of the event log: nobody can tell any more whose it was, and it was acknowledged to
 * nobody. What was acknowledged is in the warehouse before this is called.
 *
 * @param store the store's folder
 */
export function emptyLogLeftovers(store: string): void {
  const folder = join(store, 'log')
  if (!existsSync(folder)) return
  for (const file of readdirSync(folder)) if (file.endsWith('.cut')) rmSync(join(folder, file))
}
