import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { RapportError } from '@rapport/numerics'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One request, to one host. */
export interface Hop {
  readonly url: URL
  readonly method: Method
  readonly headers: Readonly<Record<string, string>>
  /** Headers that prove who asks. */
  readonly credentials: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** An address of a host, as its name was resolved. */
export interface Address {
  readonly address: string
  readonly family: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Where it came from in the end, after redirects. */
  readonly url: string
  readonly body: Buffer
}

/** Connects to one of `addresses`, whatever the name means by now, and reads the whole answer. */
export function send(hop: Hop, addresses: readonly Address[], mostBytes: number, signal: AbortSignal): Promise<Answer> {
  const { url, method, body } = hop
  const pinned: LookupFunction = (_, { all }, done) => {
    if (all) done(null, addresses as Address[])
    else done(null, addresses[0]!.address, addresses[0]!.family)
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? overHttps : overHttp)(url, {
      ...{ method, lookup: pinned, signal, agent: false, maxHeaderSize: mostHeaderBytes },
      // Not packed: what a few bytes unpack to is nobody's to choose but ours.
      headers: { 'accept-encoding': 'identity', ...hop.headers, ...hop.credentials },
    })
    request.once('error', reject)
    request.once('response', (response) => {
      read(response, url, mostBytes).then(resolve, (error) => {
        request.destroy()
        reject(error)
      })
    })
    request.end(body)
  })
}

const mostHeaderBytes = 16_384

async function read(response: IncomingMessage, url: URL, mostBytes: number): Promise<Answer> {
  const packed = response.headers['content-encoding'] ?? 'identity'
  if (packed !== 'identity') {
    throw new RapportError('outgoing.encoding', `${url.origin} must answer unpacked as asked, got ${packed}`)
  }
  const tooMuch = (got: string): RapportError =>
    new RapportError('outgoing.size', `the answer of ${url.origin} must have at most ${mostBytes} bytes, got ${got}`)
  const announced = Number(response.headers['content-length'] ?? 0)
  if (announced > mostBytes) throw tooMuch(`${announced}`)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooMuch('more')
    chunks.push(chunk)
  }
  return { status: response.statusCode!, headers: response.headers, url: url.href, body: Buffer.concat(chunks) }
}
