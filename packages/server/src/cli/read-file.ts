import { readFileSync } from 'node:fs'
import { documentOfBytes, RapportError } from '../base/index.ts'

/**
 * The JSON document in a file.
 *
 * @param shown the path as the user gave it
 * @param what it must hold, for the message
 * @throws RapportError `cli.file`
 */
export function readJsonFile(path: string, shown: string, what: string): unknown {
  const bytes = bytesOf(path, shown)
  const isMarked = bytes.subarray(0, 3).equals(byteOrderMark)
  return documentOfBytes(isMarked ? bytes.subarray(3) : bytes, 'cli.file', `${shown}, a file with ${what},`)
}

/** What editors on Windows write before UTF-8. */
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf)

/**
 * The text in a file. Bytes that are no UTF-8 are refused: read all the same they would become other words.
 *
 * @param shown the path as the user gave it
 * @throws RapportError `cli.file`
 */
export function textOf(path: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(path, shown))
  } catch (error) {
    if (error instanceof RapportError) throw error
    throw new RapportError('cli.file', `${shown} must be text in UTF-8, got bytes that are not: save it as UTF-8`, {
      cause: error,
    })
  }
}

/**
 * What a file holds.
 *
 * @param shown the path as the user gave it
 * @throws RapportError `cli.file` when it cannot be read
 */
export function bytesOf(path: string, shown: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    const got = gotOf(error as NodeJS.ErrnoException)
    throw new RapportError('cli.file', `${shown} must be a file that can be read, got ${got}`, { cause: error })
  }
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission to read it',
}

const gotOf = ({ code = '', message }: NodeJS.ErrnoException): string => faults[code] ?? message
