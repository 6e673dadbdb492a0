import { createHash } from 'node:crypto'
import { z } from 'zod'
import { RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import { filesOf, formatVersion, type Manifest, manifest, manifestHashName, manifestName } from './manifest.ts'
import { damaged, openTar, type TarReader } from './tar-reader.ts'

/** A backup of which every byte is as it was written. */
export interface VerifiedBackup {
  readonly manifest: Manifest
  readonly tar: TarReader
}

/**
 * Reads a whole backup and compares each file with its hash.
 *
 * @throws RapportError `operation.backup-damaged`, `operation.backup-newer` when a later version wrote its format,
 * `operation.backup-missing`
 */
export async function verifyBackup(file: string, work?: Work): Promise<VerifiedBackup> {
  const tar = await openTar(file)
  const made = await readManifest(file, tar)
  const files = filesOf(made)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { name, bytes, sha256 } of files) {
    stopIfAborted(work)
    work?.onProgress?.({ stage: 'check the backup', done, total })
    if (tar.entries.get(name) !== bytes) throw damaged(file, `${name} must have ${bytes} bytes in it`)
    if ((await hashOf(tar, name)) !== sha256) throw damaged(file, `${name} is not what was written`)
    done += bytes
  }
  work?.onProgress?.({ stage: 'check the backup', done: total, total })
  return { manifest: made, tar }
}

/** Far above what a manifest has: about 150 bytes for 200,000 rows. */
const manifestBytesMost = 64 * 2 ** 20

async function readManifest(file: string, tar: TarReader): Promise<Manifest> {
  const [text, hash] = [await textOf(file, tar, manifestName), await textOf(file, tar, manifestHashName)]
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (!hash.startsWith(sha256)) throw damaged(file, `${manifestName} is not what was written`)
  const value = jsonOf(file, text)
  const given = z.object({ formatVersion: z.number() }).safeParse(value).data?.formatVersion
  if (given !== undefined && given > formatVersion) {
    throw new RapportError(
      'operation.backup-newer',
      `${file} must be of format ${formatVersion} or older, got ${given}: use the version that wrote it, or a later one`,
    )
  }
  const parsed = manifest.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw damaged(file, `its manifest does not fit at ${path.map(String).join('.') || 'its top'}: ${message}`)
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damaged(file, `${manifestName} is no JSON`, error)
  }
}

async function textOf(file: string, tar: TarReader, name: string): Promise<string> {
  const bytes = tar.entries.get(name) ?? 0
  if (bytes > manifestBytesMost) throw damaged(file, `${name} has ${bytes} bytes, more than ${manifestBytesMost}`)
  const chunks: Buffer[] = []
  for await (const chunk of tar.read(name)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

async function hashOf(tar: TarReader, name: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of tar.read(name)) hash.update(chunk)
  return hash.digest('hex')
}
