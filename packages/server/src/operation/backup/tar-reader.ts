import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { RapportError } from '../../base/index.ts'
import { blockBytes, entryOf } from './tar-header.ts'

/** A tar file, by its entries. */
export interface TarReader {
  /** Bytes of each entry. */
  readonly entries: ReadonlyMap<string, number>
  read(name: string): AsyncIterable<Buffer>
}

/** @throws RapportError `operation.backup-damaged` when it is no whole tar file, `operation.backup-missing` */
export async function openTar(file: string): Promise<TarReader> {
  const places = await placesIn(file)
  return {
    entries: new Map([...places].map(([name, { bytes }]) => [name, bytes])),
    read: (name) => {
      const place = places.get(name)
      if (!place) throw damaged(file, `there is no ${name} in it`)
      return place.bytes === 0
        ? noBytes()
        : createReadStream(file, { start: place.start, end: place.start + place.bytes - 1 })
    },
  }
}

async function* noBytes(): AsyncGenerator<Buffer> {
  // An empty range cannot be asked of a stream.
}

interface Place {
  readonly start: number
  readonly bytes: number
}

async function placesIn(file: string): Promise<Map<string, Place>> {
  const handle = await opened(file)
  try {
    const { size } = await handle.stat()
    const places = new Map<string, Place>()
    const block = Buffer.alloc(blockBytes)
    for (let position = 0; ; ) {
      const { bytesRead } = await handle.read(block, 0, blockBytes, position)
      if (bytesRead < blockBytes) throw damaged(file, 'it ends in the middle')
      const entry = entryOf(block)
      if (entry === undefined) return places
      const start = position + blockBytes
      if (entry === null || start + entry.bytes > size)
        throw damaged(file, `nothing of it can be read from byte ${position} on`)
      places.set(entry.name, { start, bytes: entry.bytes })
      position = start + Math.ceil(entry.bytes / blockBytes) * blockBytes
    }
  } finally {
    await handle.close()
  }
}

async function opened(file: string): ReturnType<typeof open> {
  try {
    // Before it is opened: a pipe would have it wait for a writer.
    if (!(await stat(file)).isFile()) throw damaged(file, 'it is no file but a folder, a pipe or a device')
    return await open(file, 'r')
  } catch (error) {
    if (error instanceof RapportError) throw error
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError('operation.backup-missing', `the backup must be a file that can be read, got ${got}`, {
      cause: error,
    })
  }
}

export const damaged = (file: string, got: string, cause?: unknown): RapportError =>
  new RapportError('operation.backup-damaged', `${file} must be a backup of rapport, and whole: ${got}`, { cause })
