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

/** Keeps writing and erasing apart: no snapshot that names somebody who was erased is there when their erasure is over. */
export class LiveSnapshotFile {
  private readonly storeFolder: string
  /** How many erasures there were, and how many go on. */
  private erasures = 0
  private erasing = 0
  private writing: Promise<boolean> | undefined

  constructor(storeFolder: string) {
    this.storeFolder = storeFolder
  }

  get path(): string {
    return snapshotPath(this.storeFolder)
  }

  /**
   * One at a time.
   *
   * @param write is given what says at its end whether nobody was erased meanwhile
   * @returns false, and nothing is written, while somebody is erased
   */
  async write(write: (isStillWhole: () => boolean) => Promise<boolean>): Promise<boolean> {
    if (this.erasing > 0) return false
    const { erasures } = this
    this.writing = write(() => this.erasures === erasures)
    return this.writing.finally(() => {
      this.writing = undefined
    })
  }

  /** Removes the snapshot once somebody is forgotten, and one that is being written has ended. */
  async erase(forget: () => Promise<void>): Promise<void> {
    this.erasures += 1
    this.erasing += 1
    try {
      await forget()
      // It names them, and may be about to take its place.
      await this.writing?.catch(() => false)
      await removeLiveSnapshot(this.storeFolder)
    } finally {
      this.erasing -= 1
    }
  }
}
