import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Why a small file system cannot be mounted; undefined where it can. */
export const cannotMount = process.getuid?.() === 0 ? undefined : 'mounting a small file system needs root'

/**
 * Makes a file system of 64 MB in memory at `at` for as long as `use` runs.
 *
 * @throws Error when it cannot be mounted, though root
 */
export async function onSmallDisk<Result>(at: string, use: () => Promise<Result>): Promise<Result> {
  mkdirSync(at)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', at], { stdio: 'ignore' })
  try {
    return await use()
  } finally {
    execFileSync('umount', ['-l', at])
  }
}

/** Fills a file system but for some bytes. @returns the file that does, to be removed */
export function fill(disk: string, free: number): string {
  const filler = join(disk, 'filler')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(filler, Buffer.alloc(bavail * bsize - free))
  return filler
}
