import { RapportError } from '@rapport/numerics'
import { PlacedError, prototypeKeyIn } from './fit.ts'

/** Nobody means deeper ones, and what writes them out again would run out of stack. */
export const deepestJson = 100

/**
 * The JSON in bytes of whoever, as it may be kept: nested at most 100 deep, with U+FFFD for what is no character of a
 * database, and without keys that would reach an object's prototype.
 *
 * @param what the bytes are, for the message: `the body`
 * @throws RapportError with `code`
 */
export function jsonOfBytes(bytes: Buffer, code: string, what: string): unknown {
  return readJson(parsed, bytes, code, what)
}

/**
 * The same of a document that somebody declares: with a key of prototypes it is refused, since without what is written
 * there it would say something else.
 *
 * @throws PlacedError with `code`, at the key
 */
export function documentOfBytes(bytes: Buffer, code: string, what: string): unknown {
  const document = readJson(JSON.parse, bytes, code, what)
  const hidden = prototypeKeyIn(document)
  if (hidden !== undefined)
    throw new PlacedError(code, `${what} must have no key named __proto__, got one at ${hidden}`, hidden)
  return document
}

function readJson(read: (json: string) => unknown, bytes: Buffer, code: string, what: string): unknown {
  if (new Nesting().isTooDeep(bytes)) throw new RapportError(code, `${what} must be nested at most ${deepestJson} deep`)
  try {
    return read(storable(bytes.toString('utf8')))
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError(code, `${what} must be JSON, got: ${got}`, { cause: error })
  }
}

const [quote, backslash] = [0x22, 0x5c]

/** How deep objects and lists lie in one another, told piece by piece; brackets in text do not count. */
export class Nesting {
  #depth = 0
  #isText = false

  /** @param piece ends within no escape */
  isTooDeep(piece: Buffer): boolean {
    let depth = this.#depth
    let at = this.#isText ? endOfText(piece, 0) + 1 : 0
    for (; at < piece.length; at += 1) {
      const byte = piece[at]!
      if (byte === quote) at = endOfText(piece, at + 1)
      // { and [ differ from } and ] by two.
      else if ((byte | 0x20) === 0x7b) {
        depth += 1
        if (depth > deepestJson) return true
      } else if ((byte | 0x20) === 0x7d) depth -= 1
    }
    this.#depth = depth
    this.#isText = at > piece.length
    return false
  }
}

/** Where a text ends: at its quote, or with the piece that holds its beginning only. */
function endOfText(piece: Buffer, start: number): number {
  let at = start
  for (; at < piece.length; at += 1) {
    const byte = piece[at]
    if (byte === backslash) at += 1
    else if (byte === quote) return at
  }
  return piece.length
}

/** A key that would reach an object's prototype is left out; an escape may spell it, and looking at each key is slow. */
const parsed = (json: string): unknown =>
  json.includes('__') || (json.includes('\\u') && /\\u005f/i.test(json))
    ? JSON.parse(json, (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value))
    : JSON.parse(json)

const escapes = /\\(?:u0000|ud[89ab][0-9a-f]{2}(?:\\ud[c-f][0-9a-f]{2})?|ud[c-f][0-9a-f]{2}|.)/gi

/**
 * JSON in which escapes that stand for no character of a database stand for U+FFFD: half a surrogate pair, which DuckDB
 * reads as broken JSON, and NUL, which PostgreSQL cannot hold. In the log they would stop whoever follows it for good.
 */
export function storable(json: string): string {
  if (!json.includes('\\u') || !/\\u(?:0000|d[89a-f])/i.test(json)) return json
  return json.replace(escapes, (written) => {
    const isBad = written.length === 6 && /^\\u(?:0000|d[89a-f])/i.test(written)
    return isBad ? '\\ufffd' : written
  })
}
