import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, type Stats, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import { type Encoding, EncodingDetector } from './detect-encoding.ts'

export type FileFormat = 'csv' | 'json-lines' | 'parquet'

/** A file from outside, looked through once: what it is, and the fingerprint of what is in it. */
export interface SourceFile {
  readonly path: string
  /** What batches and the quarantine call it. */
  readonly name: string
  readonly format: FileFormat
  readonly isGzip: boolean
  readonly encoding: Encoding
  /** False when text has bytes that no text has: NUL, or what is no UTF-8. */
  readonly isCleanText: boolean
  readonly bytes: number
  readonly modifiedMs: number
  /** Of the content, unpacked: a copy under another name or packed is the same file. */
  readonly sha256: string
  /** The beginning of the content, unpacked, at most `headBytes`. */
  readonly head: Buffer
}

const headBytes = 1 << 20

/**
 * Looks a file through: format by its first bytes, encoding and fingerprint by all of them.
 *
 * @throws RapportError `ingestion.file` when there is no such file or it is none, `ingestion.empty` when nothing is in it,
 * `ingestion.format` when it is neither text nor Parquet, `ingestion.gzip` when it cannot be unpacked
 */
export async function inspectFile(path: string, work?: Work): Promise<SourceFile> {
  const stats = statFile(path)
  if (stats.size === 0) throw new RapportError('ingestion.empty', `${path} must hold records, got an empty file`)
  const isGzip = (await firstBytes(path, 2)).equals(Buffer.of(0x1f, 0x8b))
  const fingerprint = createHash('sha256')
  const detector = new EncodingDetector()
  const head: Buffer[] = []
  let headLength = 0
  let format: FileFormat | undefined
  let hasNul = false
  for await (const chunk of contentOf(path, isGzip)) {
    stopIfAborted(work)
    fingerprint.update(chunk)
    if (headLength < headBytes) {
      head.push(chunk.subarray(0, headBytes - headLength))
      headLength += chunk.length
    }
    format ??= formatOf(path, chunk)
    if (format === 'parquet') continue
    detector.add(chunk)
    hasNul ||= chunk.includes(0)
  }
  if (format === undefined) throw new RapportError('ingestion.empty', `${path} must hold records, got an empty file`)
  if (format === 'parquet' && isGzip) {
    throw new RapportError('ingestion.format', `${path} must be plain Parquet, got it packed with gzip: unpack it`)
  }
  const { encoding, isClean } = detector.finish()
  return {
    ...{ path, name: path },
    format,
    isGzip,
    encoding,
    isCleanText: isClean && (!hasNul || encoding.startsWith('utf-16')),
    bytes: stats.size,
    modifiedMs: stats.mtimeMs,
    sha256: fingerprint.digest('hex'),
    head: Buffer.concat(head),
  }
}

/** @throws RapportError `ingestion.changed` when the file is no longer what `inspectFile` looked through */
export function checkUnchanged(file: SourceFile): void {
  const stats = statFile(file.path)
  if (stats.size === file.bytes && stats.mtimeMs === file.modifiedMs) return
  throw new RapportError(
    'ingestion.changed',
    `${file.path} must stay as it is during the import, got a change while it was read: import it again`,
  )
}

/** The file's bytes, unpacked. @throws RapportError `ingestion.gzip` when it cannot be unpacked */
export async function* contentOf(path: string, isGzip: boolean): AsyncGenerator<Buffer> {
  const packed = createReadStream(path, { highWaterMark: 1 << 20 })
  const unpacked: Readable = isGzip ? packed.pipe(createGunzip({ chunkSize: 1 << 20 })) : packed
  if (isGzip) packed.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const chunk of unpacked) yield chunk as Buffer
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    if (!isGzip) throw unreadable(path, because)
    throw new RapportError('ingestion.gzip', `${path} must be a whole gzip file, got: ${because}`, { cause: error })
  } finally {
    packed.destroy()
  }
}

function statFile(path: string): Stats {
  let stats: Stats
  try {
    stats = statSync(path)
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? String(error))
  }
  if (stats.isDirectory()) {
    throw new RapportError('ingestion.file', `${path} must be a file, got a folder: name the files in it`)
  }
  return stats
}

function unreadable(path: string, because: string): RapportError {
  const words: Record<string, string> = { ENOENT: 'no such file', EACCES: 'a file that may not be read' }
  return new RapportError('ingestion.file', `${path} must be a file that can be read, got ${words[because] ?? because}`)
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const stream = createReadStream(path, { end: count - 1 })
  const chunks: Buffer[] = []
  stream.on('data', (chunk) => chunks.push(chunk as Buffer))
  try {
    await once(stream, 'end')
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? String(error))
  }
  return Buffer.concat(chunks)
}

/** What the first bytes of formats that are not read here are, and what to do instead. */
const foreign: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a spreadsheet or zip file: save the sheet as CSV, or unpack it'],
  ['\xd0\xcf\x11\xe0', 'an old spreadsheet: save it as CSV'],
  ['%PDF', 'a PDF'],
  ['SQLite format', 'a database: export its table as CSV'],
  ['BZh', 'a bzip2 file: unpack it'],
  ['\xfd7zXZ', 'an xz file: unpack it'],
  ['\x28\xb5\x2f\xfd', 'a zstd file: unpack it'],
]

function formatOf(path: string, start: Buffer): FileFormat {
  const text = start.toString('latin1', 0, 65_536)
  if (text.startsWith('PAR1')) return 'parquet'
  const known = foreign.find(([magic]) => text.startsWith(magic))
  if (known) {
    throw new RapportError('ingestion.format', `${path} must be CSV, JSON Lines or Parquet, got ${known[1]}`)
  }
  const hasMark = text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff')
  // Text has next to no control characters; a damaged line may.
  const controls = hasMark ? 0 : start.subarray(0, 65_536).filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length
  if (controls > Math.max(2, text.length / 50)) {
    throw new RapportError('ingestion.format', `${path} must be CSV, JSON Lines or Parquet, got a binary file`)
  }
  const begin = text.replace(/^\xef\xbb\xbf/, '').trimStart()
  if (begin.startsWith('[')) {
    throw new RapportError('ingestion.format', `${path} must have one JSON object a line, got one JSON array`)
  }
  return begin.startsWith('{') ? 'json-lines' : 'csv'
}
