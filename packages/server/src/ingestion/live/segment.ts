import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { RapportError, syncPath } from '../../base/index.ts'

/** What a segment holds besides events; a drain skips what is not in it. */
export interface SegmentContent {
  /** Number of its last line. */
  readonly last: number
  readonly hasSuspects: boolean
  readonly hasOrders: boolean
  readonly hasBad: boolean
}

/** A file of the event log that is written to: lines of JSON, each with its number. */
export class Segment {
  readonly file: string
  /** Bytes that are on disk for good. */
  bytes = 0
  readonly #handle: FileHandle

  private constructor(file: string, handle: FileHandle) {
    this.file = file
    this.#handle = handle
  }

  /**
   * @param first number of its first line
   * @throws RapportError `ingestion.disk-full`
   */
  static async begin(folder: string, first: number): Promise<Segment> {
    const file = join(folder, `${String(first).padStart(16, '0')}.ndjson`)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const handle = await open(file, 'wx', 0o600)
      await syncPath(folder)
      return new Segment(file, handle)
    } catch (error) {
      throw translated(error)
    }
  }

  /**
   * Appends text; on disk when it resolves. When it fails the file is as before.
   *
   * @throws RapportError `ingestion.disk-full`, `ingestion.disk` when the file can not even be brought back
   */
  async append(text: string): Promise<void> {
    const data = Buffer.from(text)
    try {
      let written = 0
      while (written < data.length) {
        const { bytesWritten } = await this.#handle.write(data, written, data.length - written, this.bytes + written)
        written += bytesWritten
      }
      await this.#handle.datasync()
    } catch (error) {
      await this.#bringBack(error)
      throw translated(error)
    }
    this.bytes += data.length
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async #bringBack(cause: unknown): Promise<void> {
    try {
      await this.#handle.truncate(this.bytes)
      await this.#handle.datasync()
    } catch {
      throw new RapportError(
        'ingestion.disk',
        `the file ${basename(this.file)} of the event log must be one that can be written and cut, got: ${(cause as Error).message}`,
        { cause },
      )
    }
  }
}

/** Segments that are on disk, oldest first. */
export function segmentsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d{16}\.ndjson$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

function translated(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error
  return new RapportError('ingestion.disk-full', `the disk must have room for the event log, got: ${message}`, {
    cause: error,
  })
}
