import { readFileSync } from 'node:fs'
import { RapportError } from '../base/index.ts'

/**
 * The JSON document in a file.
 *
 * @param shown the path as the user gave it
 * @param what it must hold, for the message
 * @throws RapportError `cli.file`
 */
export function readJsonFile(path: string, shown: string, what: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError('cli.file', `${shown} must be a file with ${what} in JSON, got: ${got}`, { cause: error })
  }
}
