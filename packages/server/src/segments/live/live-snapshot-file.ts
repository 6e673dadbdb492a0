import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncPath } from '../../base/index.ts'

/** The file beside the warehouse that holds where live features and segments are: everything in it follows from the log. */
export const snapshotPath = (storeFolder: string): string => join(storeFolder, 'live.snapshot')

/** It holds what customers did: of somebody who is erased nothing may be left in it. Gone for good when it resolves. */
export async function removeLiveSnapshot(storeFolder: string): Promise<void> {
  await rm(snapshotPath(storeFolder), { force: true })
  await rm(`${snapshotPath(storeFolder)}.part`, { force: true })
  await syncPath(storeFolder)
}
