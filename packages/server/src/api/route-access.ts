import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type Caller,
  callerOfKey,
  callerOfSession,
  isAllowed,
  type Need,
  networkOf,
  type Rate,
  TokenBuckets,
  type WriteKeys,
} from '../access/index.ts'
import { RapportError } from '../base/index.ts'
import type { State } from '../state/index.ts'
import { type Origins, requireHost, requireOwnOrigin } from './origins.ts'
import { bearerOf, sessionOf, writeKeyOf } from './request-keys.ts'

/**
 * What a route needs, in its config: `{ config: { access: { scope: 'customers.read', role: 'viewer' } } }`.
 *
 * `public` needs nothing; `write-key` a key that lets events in; `signature` says that the route itself checks who signed
 * the body; anything else an API key with the scope, or the session of an operator of at least the role.
 */
export type Access = 'public' | 'write-key' | 'signature' | GuardedAccess

interface GuardedAccess extends Need {
  /** Requests that need none of this. Default: none. */
  readonly isOpenTo?: (request: FastifyRequest) => boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Who asks; null on routes that need nobody in particular. */
    caller: Caller | null
  }
}

/** How often may be asked. */
export interface Rates {
  /** By one operator or with one API key. */
  readonly callers: Rate
  /** From one address, for whatever needs one of them. */
  readonly addresses: Rate
}

interface Doors {
  readonly state: State
  readonly keys: WriteKeys
  readonly origins: Origins
  /** With one write key as often as it likes, where `events` is undefined. */
  readonly rates: Rates & { readonly events?: Rate | undefined }
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Lets a request reach a route only with what the route declares; a route that declares nothing cannot be added. */
export function guardRoutes(server: FastifyInstance, { state, keys, origins, rates }: Doors): void {
  const [callers, addresses] = [new TokenBuckets(rates.callers), new TokenBuckets(rates.addresses)]
  server.decorateRequest('caller', null)
  server.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) {
      throw new RapportError('api.undeclared', `${method} ${url} must declare what access it needs, it does not`)
    }
  })
  server.addHook('onRequest', async (request, reply) => {
    const need = request.routeOptions.config.access
    if (request.is404 || need === undefined || need === 'write-key' || need === 'signature') return
    const isChange = !safe.has(request.method)
    if (need === 'public') {
      // Forms of who is not known yet, as that of the login: a page elsewhere must not fill them in.
      if (isChange) requireHost(request, origins)
      if (isChange) requireOwnOrigin(request, origins)
      return
    }
    reply.header('cache-control', 'no-store')
    if (need.isOpenTo?.(request)) return
    addresses.take(networkOf(request.ip))
    const caller = await callerOf(request, state)
    request.caller = caller
    callers.take(caller.id)
    // A key comes from a program, which no page elsewhere can make send it.
    if (caller.kind === 'operator') {
      requireHost(request, origins)
      if (isChange) requireOwnOrigin(request, origins)
    }
    if (!isAllowed(caller, need)) {
      const needed = [`the role ${need.role}`, ...(need.scope ? [`a key with the scope ${need.scope}`] : [])]
      throw new RapportError('api.forbidden', `the caller must have ${needed.join(' or ')}, ${caller.id} has not`)
    }
  })
  guardEvents(server, keys, rates.events)
}

/** The key may stand in the body: a page that is being left can send no headers. */
function guardEvents(server: FastifyInstance, keys: WriteKeys, rate: Rate | undefined): void {
  const buckets = rate && new TokenBuckets(rate)
  // A key in the headers is looked at before the body takes room.
  server.addHook('onRequest', (request, _, done) => {
    if (request.is404 || request.routeOptions.config.access !== 'write-key') return done()
    const key = writeKeyOf(request.headers.authorization, undefined)
    done(key === undefined || keys.isKnown(key) ? undefined : unknownKey())
  })
  server.addHook('preHandler', (request, _, done) => {
    if (request.is404 || request.routeOptions.config.access !== 'write-key') return done()
    const key = writeKeyOf(request.headers.authorization, request.body)
    if (key === undefined || !keys.isKnown(key)) return done(unknownKey())
    try {
      buckets?.take(key)
      done()
    } catch (error) {
      done(error as Error)
    }
  })
}

const unknownKey = (): RapportError =>
  new RapportError('api.key', 'the request must carry a write key, as the user of Basic authorisation or as writeKey')

async function callerOf(request: FastifyRequest, state: State): Promise<Caller> {
  const bearer = bearerOf(request.headers.authorization)
  if (bearer !== undefined) {
    const caller = await callerOfKey(state, bearer)
    if (caller) return caller
    throw new RapportError('api.key', 'the API key must be one that holds: rapport keys list shows them')
  }
  const session = sessionOf(request.headers.cookie)
  const caller = session === undefined ? undefined : await callerOfSession(state, session)
  if (caller) return caller
  throw new RapportError(
    'api.session',
    'a program must send Authorization: Bearer with an API key (rapport keys create api NAME makes one), a person must come by the link that rapport start prints or by a login at /login; rapport open makes a new link',
  )
}

/** Who asks, for the audit log. @throws Error on a route that lets in who is not known: a mistake of ours */
export function actorOf(request: FastifyRequest): string {
  if (request.caller) return request.caller.id
  throw new Error(`${request.routeOptions.url} knows no caller: its access must be a scope or a role`)
}
