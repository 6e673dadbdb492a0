import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RapportError, stopIfAborted, type Work } from '../../base/index.ts'
import { contentOf, type SourceFile } from './inspect-file.ts'

/**
 * Writes the file's text as UTF-8 into `target`, a chunk at a time; columns set apart by blanks become set apart by tabs.
 *
 * @throws RapportError `ingestion.disk-full` when there is no room for the copy
 */
export async function copyAsUtf8(file: SourceFile, target: string, isByBlanks: boolean, work?: Work): Promise<void> {
  const decoder = new TextDecoder(file.encoding)
  async function* texts(): AsyncGenerator<string> {
    for await (const chunk of contentOf(file.path, file.isGzip)) {
      stopIfAborted(work)
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  }
  try {
    await pipeline(Readable.from(isByBlanks ? tabbed(texts()) : texts()), createWriteStream(target, { mode: 0o600 }))
  } catch (error) {
    throw fullDisk(error, file.path, target)
  }
}

/** A full disk becomes an error that says what needed the room; any other error stays what it is. */
export function fullDisk(error: unknown, path: string, target: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EFBIG' && code !== 'EDQUOT') return error
  return new RapportError(
    'ingestion.disk-full',
    `the disk must have room for a copy of ${path}, got ${code} at ${target}`,
    {
      cause: error,
    },
  )
}

async function* tabbed(texts: AsyncGenerator<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of texts) {
    const lines = rest + text
    const end = lines.lastIndexOf('\n') + 1
    rest = lines.slice(end)
    yield tabs(lines.slice(0, end))
  }
  yield tabs(rest)
}

const tabs = (lines: string): string => lines.replace(/^[ \t]+|[ \t]+(?=\r?$)/gm, '').replace(/[ \t]+/g, '\t')
