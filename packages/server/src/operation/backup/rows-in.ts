import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RapportError } from '../../base/index.ts'
import type { StateRow } from '../../state/index.ts'
import { damaged } from './tar-reader.ts'

/** Characters of a row: far above what state holds, far below what memory does. */
const lineMost = 16 * 2 ** 20

/**
 * The rows of JSON Lines, packed with gzip, some at a time.
 *
 * @param file the backup, and `name` the entry in it, for errors
 * @throws RapportError `operation.backup-damaged` when it is no gzip, a line is too long or no row
 */
export async function* rowsIn(
  file: string,
  name: string,
  packed: AsyncIterable<Buffer>,
): AsyncGenerator<readonly StateRow[]> {
  let number = 0
  for await (const lines of linesIn(file, name, packed)) {
    yield lines.map((line) => {
      number += 1
      return rowOf(line, (got) => damaged(file, `line ${number} of ${name} ${got}`))
    })
  }
}

async function* linesIn(file: string, name: string, packed: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  const texts = createGunzip()
  texts.setEncoding('utf8')
  // Its errors come out of the loop below.
  pipeline(packed, texts, () => undefined)
  // Pieces of the line that is not at its end yet: joined once, so that a long one is not copied again with each.
  let pieces: string[] = []
  let length = 0
  try {
    for await (const text of texts as AsyncIterable<string>) {
      const lines = text.split('\n')
      const last = lines.pop()!
      if (lines.length > 0) {
        lines[0] = pieces.join('') + lines[0]
        yield lines
        pieces = []
        length = 0
      }
      pieces.push(last)
      length += last.length
      if (length > lineMost) throw damaged(file, `a line of ${name} has more than ${lineMost} characters`)
    }
  } catch (error) {
    if (!isOfGzip(error)) throw error
    throw damaged(file, `${name} cannot be unpacked, got: ${error.message}`, error)
  }
  if (length > 0) throw damaged(file, `${name} ends in the middle of a line`)
}

const isOfGzip = (error: unknown): error is Error =>
  error instanceof Error && !(error instanceof RapportError) && 'code' in error && /^Z_/.test(String(error.code))

function rowOf(line: string, wrong: (got: string) => RapportError): StateRow {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw wrong('is no JSON')
  }
  if (!isRow(value)) throw wrong('is no object of texts, numbers and nulls')
  return value
}

const isRow = (value: unknown): value is StateRow =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => each === null || typeof each === 'string' || typeof each === 'number')
