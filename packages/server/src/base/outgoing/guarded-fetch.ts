import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { RapportError } from '@rapport/numerics'
import { type AllowedHosts, allowedHosts } from './allowed-hosts.ts'
import { type Address, type Answer, type Hop, type Method, send } from './hop.ts'
import { nextHop } from './next-hop.ts'
import { isPublicAddress } from './public-address.ts'

export interface OutgoingRequest {
  /** Default GET. */
  readonly method?: Method
  readonly headers?: Readonly<Record<string, string>>
  /** Headers that prove who asks; no redirect takes them to another origin. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
  /** Bytes that the answer may have. Default 8 MiB. */
  readonly mostBytes?: number
  /** For everything, redirects included, ms. Default 30,000. */
  readonly timeoutMs?: number
  /** Redirects to follow. Default 5. */
  readonly redirects?: number
}

/**
 * Asks a host of the internet, whoever gave its URL. Any status is an answer.
 *
 * @throws RapportError `outgoing.url`, `outgoing.address` for a host that is not public, `outgoing.redirect`,
 *   `outgoing.header`, `outgoing.size`, `outgoing.encoding`, `outgoing.timeout`, `outgoing.unreachable`; the signal's reason when
 *   that was aborted
 */
export type GuardedFetch = (url: string, request?: OutgoingRequest) => Promise<Answer>

/** All addresses of a name. */
export type Resolver = (name: string) => Promise<readonly Address[]>

/**
 * Makes the only way in which requests leave. Every name is resolved once, every address that it has must be public, and
 * the connection goes to one of those addresses: a name that means another host a moment later reaches nothing. Each
 * redirect is such a request of its own.
 *
 * @param allow names, addresses and blocks of addresses that may be reached although they are not public
 */
export function guardedFetch(allow: readonly string[], resolve: Resolver = systemResolver): GuardedFetch {
  const allowed = allowedHosts(allow)
  return async (url, request = {}) => {
    const { mostBytes = 8 * 1024 * 1024, timeoutMs = 30_000, redirects = 5, body } = request
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
    const { method = 'GET', headers = {}, credentials = {} } = request
    checkHeaders({ ...headers, ...credentials })
    const to = parsed(url)
    let hop: Hop | undefined = { url: to, method, headers, credentials, ...(body === undefined ? {} : { body }) }
    for (let followed = 0; followed <= redirects; followed += 1) {
      const { origin } = hop.url
      try {
        const addresses = await beforeAbort(addressesOf(hop.url, allowed, resolve), signal)
        const answer: Answer = await send(hop, addresses, mostBytes, signal)
        hop = nextHop(hop, answer.status, answer.headers.location)
        if (!hop) return answer
        checkUrl(hop.url)
      } catch (error) {
        request.signal?.throwIfAborted()
        throw told(error, origin, timeout.aborted ? timeoutMs : undefined)
      }
    }
    throw new RapportError('outgoing.redirect', `${to.origin} must redirect at most ${redirects} times, got more`)
  }
}

const systemResolver: Resolver = (name) => lookup(name, { all: true })

function parsed(text: string): URL {
  if (!URL.canParse(text)) throw new RapportError('outgoing.url', `the URL must be one with http or https, got ${text}`)
  const url = new URL(text)
  checkUrl(url)
  return url
}

function checkUrl(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RapportError('outgoing.url', `the URL must be one with http or https, got ${url.protocol}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new RapportError('outgoing.url', `the URL of ${url.host} must not hold a password: use a header`)
  }
}

/** Those of the connection are ours to set. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const isOurs = /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|proxy-.*)$/i.test(name)
    if (!isOurs && /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue
    throw new RapportError(
      'outgoing.header',
      `a header must be a name and a line of text, none of the connection’s own, got ${name}`,
    )
  }
}

/** @throws RapportError `outgoing.address` when one of them is neither public nor allowed */
async function addressesOf(url: URL, allowed: AllowedHosts, resolve: Resolver): Promise<readonly Address[]> {
  // The URL has brought every spelling of an address into its one form.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const literal = isIP(host)
  const addresses = literal === 0 ? await resolve(host) : [{ address: host, family: literal }]
  if (addresses.length === 0) throw new RapportError('outgoing.unreachable', `${host} must have an address, got none`)
  if (allowed.hasName(host)) return addresses
  if (addresses.every(({ address }) => isPublicAddress(address) || allowed.hasAddress(address))) return addresses
  throw new RapportError(
    'outgoing.address',
    `${host} must be a host of the public internet, it has another address: RAPPORT_ALLOW_HOSTS lists exceptions`,
  )
}

/** Resolving a name cannot be stopped; waiting for it can. */
function beforeAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** @param timeoutMs set when the time was over */
function told(error: unknown, origin: string, timeoutMs: number | undefined): unknown {
  if (error instanceof RapportError || error instanceof TypeError) return error
  if (timeoutMs !== undefined) {
    return new RapportError('outgoing.timeout', `${origin} must answer within ${timeoutMs} ms, it did not`, {
      cause: error,
    })
  }
  const { code, message } = error as NodeJS.ErrnoException
  return new RapportError('outgoing.unreachable', `${origin} must answer, got: ${code ?? message}`, { cause: error })
}
