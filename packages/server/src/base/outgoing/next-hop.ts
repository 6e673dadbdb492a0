import { RapportError } from '@rapport/numerics'
import type { Hop } from './hop.ts'

/**
 * Where an answer sends us on to, as browsers do it, but stricter: nothing that proves who asks goes to another origin,
 * no body does, and what began encrypted stays so.
 *
 * @returns undefined when it is no redirect
 * @throws RapportError `outgoing.redirect`
 */
export function nextHop(hop: Hop, status: number, location: string | undefined): Hop | undefined {
  if (!redirects.has(status) || location === undefined) return undefined
  if (!URL.canParse(location, hop.url.href)) throw refused('to a URL', location)
  const url = new URL(location, hop.url)
  if (url.protocol === 'http:' && hop.url.protocol === 'https:') throw refused('from https to https', url.origin)
  const turnsToGet = status === 303 || (hop.method === 'POST' && (status === 301 || status === 302))
  const { body, ...rest } = hop
  const next: Hop = turnsToGet ? { ...rest, method: 'GET', url } : { ...hop, url }
  if (url.origin === hop.url.origin) return next
  if (next.body !== undefined) throw refused(`a request with a body within ${hop.url.origin}`, url.origin)
  return { ...next, headers: withoutCredentials(next.headers), credentials: {} }
}

const redirects = new Set([301, 302, 303, 307, 308])

const withoutCredentials = (headers: Hop['headers']): Hop['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)))

const refused = (must: string, got: string): RapportError =>
  new RapportError('outgoing.redirect', `a redirect must lead ${must}, got ${got}`)
