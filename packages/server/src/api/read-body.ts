import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { batchBytes } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { RapportError } from '../base/index.ts'
import { withExactIntegers } from './exact-integers.ts'

const openers = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const

/** Types under which bodies come: a page that is being left can send text only. */
const types = ['application/json', 'text/plain']

/**
 * Bodies are JSON whatever they call themselves (a page that is being left can send text only), plain or packed, of at
 * most 500 kB before and after unpacking.
 */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    types,
    { parseAs: 'buffer', bodyLimit: batchBytes },
    async (request: FastifyRequest, packed: Buffer) => jsonOf(packed, request.headers['content-encoding']),
  )
}

/** Bodies stay the bytes that they are, for whoever has to know who signed them before reading them. */
export function readSignedBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: batchBytes },
    async (_: FastifyRequest, body: Buffer) => body,
  )
}

/**
 * The JSON in a body of at most 500 kB after unpacking.
 *
 * @param isExact whether whole numbers that a float cannot hold come as their text: ids of others are such numbers
 * @throws RapportError `api.json`, `api.size`, `api.media-type`, `api.encoding`
 */
export async function jsonOf(packed: Buffer, encoding: string | undefined, isExact = false): Promise<unknown> {
  const body = await unpack(packed, encoding)
  if (isTooDeep(body)) throw new RapportError('api.json', `the body must be nested at most ${deepest} deep`)
  try {
    return parsed(storable((isExact ? withExactIntegers(body) : body).toString('utf8')))
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error)
    throw new RapportError('api.json', `the body must be JSON, got: ${got}`, { cause: error })
  }
}

async function unpack(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body
  const open = Object.hasOwn(openers, encoding) ? openers[encoding as keyof typeof openers] : undefined
  if (!open) throw new RapportError('api.media-type', `the body must be packed with gzip or deflate, got ${encoding}`)
  try {
    return await open(body, { maxOutputLength: batchBytes })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RapportError('api.size', `the body must have at most ${batchBytes} bytes when unpacked, got more`)
    }
    throw new RapportError('api.encoding', `the body must be packed with ${encoding} as its header says`, {
      cause: error,
    })
  }
}

/** Nobody means deeper ones, and what writes them out again would run out of stack. */
const deepest = 100
const [quote, backslash] = [0x22, 0x5c]

/** Whether objects and lists lie in one another more than `deepest` times; brackets in text do not count. */
function isTooDeep(json: Buffer): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!
    if (isText) {
      if (byte === backslash) at += 1
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    // { and [ differ from } and ] by two.
    else if ((byte | 0x20) === 0x7b) {
      depth += 1
      if (depth > deepest) return true
    } else if ((byte | 0x20) === 0x7d) depth -= 1
  }
  return false
}

/** A key that would reach an object's prototype is left out; an escape may spell it, and looking at each key is slow. */
const parsed = (json: string): unknown =>
  json.includes('__') || /\\u005f/i.test(json)
    ? JSON.parse(json, (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value))
    : JSON.parse(json)

const escapes = /\\(?:u0000|ud[89ab][0-9a-f]{2}(?:\\ud[c-f][0-9a-f]{2})?|ud[c-f][0-9a-f]{2}|.)/gi

/**
 * JSON in which escapes that stand for no character of a database stand for U+FFFD: half a surrogate pair, which DuckDB
 * reads as broken JSON, and NUL, which PostgreSQL cannot hold. In the log they would stop whoever follows it for good.
 */
function storable(json: string): string {
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return json
  return json.replace(escapes, (written) => {
    const isBad = written.length === 6 && /^\\u(?:0000|d[89a-f])/i.test(written)
    return isBad ? '\\ufffd' : written
  })
}
