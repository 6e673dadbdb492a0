import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { RapportError } from '../base/index.ts'

/** Under which names browsers may reach the server. */
export interface Origins {
  /** Whether it listens on this machine only. */
  readonly isLocal: boolean
  /** Names besides localhost and addresses. */
  readonly hostNames: readonly string[]
  /** `https://rapport.shop.example`, where a proxy is in front. */
  readonly publicUrl?: string | undefined
}

/** What this machine is called in a Host header by its own programs, without the port. */
export const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A page elsewhere whose name is made to lead here would be of our own origin; it cannot write our name into the Host
 * header, though, nor an address.
 *
 * @throws RapportError `api.host`
 */
export function requireHost(request: FastifyRequest, { isLocal, hostNames, publicUrl }: Origins): void {
  const name = request.hostname.toLowerCase()
  if (loopbackNames.has(name) || hostNames.some((known) => known.toLowerCase() === name)) return
  if (publicUrl !== undefined && new URL(publicUrl).hostname === name) return
  if (!isLocal && isIP(name.replace(/^\[|\]$/g, '')) !== 0) return
  throw new RapportError('api.host', 'the Host header must name this server: the settings publicUrl and hostNames do')
}

/**
 * What a browser sends along with a cookie may have been written by any page; the Origin header says by which.
 *
 * @throws RapportError `api.origin`
 */
export function requireOwnOrigin(request: FastifyRequest, { publicUrl }: Origins): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin === undefined && site === 'same-origin') return
  const own = [`${request.protocol}://${request.host}`, ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin])]
  if (origin !== undefined && own.includes(origin)) return
  throw new RapportError(
    'api.origin',
    'the request must come from a page of this server, by its Origin header it does not',
  )
}

/**
 * Where others reach this server: the public address where one is set, else where this request reached it.
 *
 * @returns without a slash at its end: `https://rapport.shop.example`
 */
export function reachedAt({ protocol, host }: FastifyRequest, { publicUrl }: Pick<Origins, 'publicUrl'>): string {
  // It is written into pages and snippets, and whoever asks wrote the Host header.
  const isHost = /^[\w.-]+(:\d{1,5})?$|^\[[\da-f:]+\](:\d{1,5})?$/i.test(host)
  return (publicUrl ?? `${protocol}://${isHost ? host : 'localhost'}`).replace(/\/+$/, '')
}
