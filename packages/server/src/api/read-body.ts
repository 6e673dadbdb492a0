import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { batchBytes } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { jsonOfBytes, RapportError } from '../base/index.ts'
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

/** Bodies of who is known are read like those of events, up to the server's own limit, and only as what they call themselves. */
export function readMemberBodies(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
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
  return jsonOfBytes(isExact ? withExactIntegers(body) : body, 'api.json', 'the body')
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
