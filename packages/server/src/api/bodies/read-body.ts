import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { batchBytes } from '@rapport/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { documentOfBytes, jsonOfBytes, RapportError } from '../../base/index.ts'
import { withExactIntegers } from '../exact-integers.ts'

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
    async (request: FastifyRequest, packed: Buffer) => jsonOf(request, packed),
  )
}

/**
 * Bodies of who is known are read like those of events, up to the server's own limit, and only as what they call themselves;
 * one with a key of prototypes is refused.
 */
export function readMemberBodies(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, packed: Buffer) =>
      documentOfBytes(await bytesOf(request, packed), 'api.json', 'the body'),
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
 * The JSON in a body of at most 500 kB after unpacking, once there is room for what it becomes.
 *
 * @param isExact whether whole numbers that a float cannot hold come as their text: ids of others are such numbers
 * @throws RapportError `api.json`, `api.size`, `api.media-type`, `api.encoding`, `api.busy`
 */
export async function jsonOf(request: FastifyRequest, packed: Buffer, isExact = false): Promise<unknown> {
  const bytes = await bytesOf(request, packed)
  return jsonOfBytes(isExact ? withExactIntegers(bytes) : bytes, 'api.json', 'the body')
}

/** The bytes of a body, unpacked. */
async function bytesOf(request: FastifyRequest, packed: Buffer): Promise<Buffer> {
  const encoding = request.headers['content-encoding']
  const isPacked = encoding !== undefined && encoding !== 'identity'
  const bytes = isPacked ? unpackedBytes(packed, encoding) : packed.length
  const turn = request.room?.forJson(bytes)
  if (turn) await turn
  return isPacked ? unpack(packed, encoding, bytes) : packed
}

/** How much a body is at most when it is unpacked, known before any work: gzip says it in its last four bytes. */
function unpackedBytes(packed: Buffer, encoding: string): number {
  if (!Object.hasOwn(openers, encoding)) {
    throw new RapportError('api.media-type', `the body must be packed with gzip or deflate, got ${encoding}`)
  }
  if (encoding !== 'gzip') return batchBytes
  const said = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4)
  // Who says so is no gzip, or too much: the difference shows in the first two bytes.
  if (said > batchBytes && packed.readUInt16BE(0) === 0x1f8b) throw tooBig()
  return Math.min(said, batchBytes)
}

async function unpack(body: Buffer, encoding: string, mostBytes: number): Promise<Buffer> {
  try {
    return await openers[encoding as keyof typeof openers](body, { maxOutputLength: Math.max(1, mostBytes) })
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' && mostBytes === batchBytes) throw tooBig()
    throw new RapportError('api.encoding', `the body must be packed with ${encoding} as its header says`, {
      cause: error,
    })
  }
}

const tooBig = (): RapportError =>
  new RapportError('api.size', `the body must have at most ${batchBytes} bytes when unpacked, got more`)
