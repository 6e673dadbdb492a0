import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newId, now } from '../../base/index.ts'
import { freeBytes } from '../health/store-figures.ts'
import { type Finding, fail, megabytes, ok, warn } from './finding.ts'

/** Nobody but the store's user may read, write or list it. */
export function checkPermissions(folder: string): Finding {
  const names = ['.', ...readdirSync(folder)]
  const open = names.filter((name) => (statSync(join(folder, name)).mode & 0o077) !== 0)
  if (open.length === 0) return ok('permissions', 'only its user can read the store')
  // A folder that nobody else can enter keeps what is in it.
  const isShut = !open.includes('.')
  const found = `others may read ${open.map((name) => (name === '.' ? folder : name)).join(', ')}`
  const advice = `chmod -R go= ${folder}`
  return isShut ? ok('permissions', `only its user can enter ${folder}`) : warn('permissions', found, advice)
}

/** Files of a store cannot have been written in the future. */
export function checkDates(folder: string): readonly Finding[] {
  const latest = Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs))
  if (latest <= now() + 60_000) return []
  const found = `files of the store are dated ${new Date(latest).toISOString()}`
  return [warn('clock', found, 'the clock is behind, or was ahead: set it before events come in')]
}

export async function checkRoom(folder: string, floorBytes: number): Promise<Finding> {
  const free = await freeBytes(folder)
  const found = `${megabytes(free)} free`
  if (free < floorBytes) return fail('disk', found, `make room, or lower diskFloorMegabytes (${megabytes(floorBytes)})`)
  if (free < 2 * floorBytes) return warn('disk', found, 'make room soon')
  return ok('disk', found)
}

const writes = 8

/** An acknowledgement waits for one such write: how long the disk takes, in the middle of some. */
export function checkWrites(folder: string): Finding {
  const file = join(folder, `${newId('doctor')}.tmp`)
  const took: number[] = []
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    for (let at = 0; at < writes; at += 1) {
      const began = performance.now()
      writeSync(descriptor, Buffer.alloc(4096, at))
      fsyncSync(descriptor)
      took.push(performance.now() - began)
    }
  } finally {
    closeSync(descriptor)
    rmSync(file)
  }
  const middle = took.sort((one, other) => one - other)[writes / 2]!
  const found = `4 kB are on disk after ${middle.toFixed(1)} ms`
  if (middle > 50) return warn('writes', found, 'every acknowledgement waits so long: use a faster disk')
  return ok('writes', found)
}

/** What is renamed into its place must come from the same file system. */
export function checkFileSystems(folder: string): Finding {
  const device = statSync(folder).dev
  const other = ['log', 'handover', 'spill'].find((name) => {
    const path = join(folder, name)
    return existsSync(path) && statSync(path).dev !== device
  })
  if (other !== undefined) {
    return fail('file system', `${other} is on another file system`, 'keep the whole store on one file system')
  }
  if (statSync(dirname(folder)).dev === device) return ok('file system', 'one, with the folder above')
  const advice = 'rapport restore --replace needs the store in a folder below the mount point'
  return warn('file system', 'the store is a mount point of its own', advice)
}
