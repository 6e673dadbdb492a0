import { open } from 'node:fs/promises'

/**
 * Puts a file, or the names in a folder, on disk for good: a new name survives a power cut only when its folder has been
 * synced too.
 */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
