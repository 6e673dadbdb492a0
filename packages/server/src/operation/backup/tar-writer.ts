import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newId, now, syncPath } from '../../base/index.ts'
import { blockBytes, headerOf } from './tar-header.ts'

/** An entry that was written. */
export interface WrittenEntry {
  readonly name: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

/**
 * Writes a tar file under another name first: what stands at its path is whole and on disk, or not there. Only its user
 * may read it.
 */
export class TarWriter {
  readonly #file: string
  readonly #partial: string
  readonly #handle: FileHandle
  #position = 0

  private constructor(file: string, partial: string, handle: FileHandle) {
    this.#file = file
    this.#partial = partial
    this.#handle = handle
  }

  static async create(file: string): Promise<TarWriter> {
    await mkdir(dirname(file), { recursive: true })
    const partial = `${file}.${newId('write')}.partial`
    return new TarWriter(file, partial, await open(partial, 'wx', 0o600))
  }

  get bytes(): number {
    return this.#position
  }

  /** Its size is known only in the end: the header is written last, into the room that was left for it. */
  async add(name: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<WrittenEntry> {
    const start = this.#position
    this.#position += blockBytes
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of content) {
      hash.update(chunk)
      bytes += chunk.byteLength
      await this.#write(chunk)
    }
    await this.#write(Buffer.alloc((blockBytes - (bytes % blockBytes)) % blockBytes))
    await writeAll(this.#handle, headerOf({ name, bytes, modifiedAt: now() }), start)
    return { name, bytes, sha256: hash.digest('hex') }
  }

  async finish(): Promise<void> {
    await this.#write(Buffer.alloc(2 * blockBytes))
    await this.#handle.sync()
    await this.#handle.close()
    await rename(this.#partial, this.#file)
    await syncPath(dirname(this.#file))
  }

  /** Leaves nothing. */
  async abandon(): Promise<void> {
    await this.#handle.close()
    await rm(this.#partial, { force: true })
  }

  async #write(chunk: Uint8Array): Promise<void> {
    await writeAll(this.#handle, chunk, this.#position)
    this.#position += chunk.byteLength
  }
}

/** One call may write less than it was given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done)
    done += bytesWritten
  }
}
