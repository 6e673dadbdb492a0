import type { Paging } from '@rapport/protocol'
import { RapportError, shortened } from '../../base/index.ts'
import type { ReadAnswer } from './answer-reader.ts'

/** Where in its answers a source stands: what is sent for the next page. */
export type Position = { readonly url: string } | { readonly token: string } | { readonly number: number }

/** The URL of the page at a position; undefined is the first. */
export function urlOf(first: string, paging: Paging, position: Position | undefined): string {
  const url = new URL(position !== undefined && 'url' in position ? position.url : first)
  if (paging.by === 'token' && position !== undefined && 'token' in position) {
    url.searchParams.set(paging.parameter, position.token)
  }
  if (paging.by === 'page' || paging.by === 'offset') {
    const number = position !== undefined && 'number' in position ? position.number : paging.first
    url.searchParams.set(paging.parameter, String(number))
  }
  return url.href
}

/**
 * The position after an answer; undefined after the last one.
 *
 * @param url that was asked
 * @throws RapportError `sources.paging` when it leads to another host, or back to where it is
 */
export function after(
  paging: Paging,
  position: Position | undefined,
  { url, answer, link }: { url: string; answer: ReadAnswer; link: string | undefined },
): Position | undefined {
  if (paging.by === 'none') return undefined
  if (paging.by === 'page' || paging.by === 'offset') {
    const number = position !== undefined && 'number' in position ? position.number : paging.first
    return answer.records === 0 ? undefined : { number: number + (paging.by === 'page' ? 1 : answer.records) }
  }
  if (paging.by === 'token') {
    const token = answer.next
    if (token === undefined || token === '') return undefined
    if (position !== undefined && 'token' in position && position.token === token) throw circle(url)
    return { token }
  }
  const next = paging.by === 'link-header' ? nextOf(link) : answer.next
  return next === undefined || next === '' ? undefined : { url: checkedUrl(next, url) }
}

function checkedUrl(next: string, url: string): string {
  const { origin } = new URL(url)
  if (!URL.canParse(next, url) || new URL(next, url).origin !== origin) {
    throw new RapportError('sources.paging', `the next page must be one of ${origin}, got ${shortened(next, 200)}`)
  }
  const { href } = new URL(next, url)
  if (href === new URL(url).href) throw circle(url)
  return href
}

const circle = (url: string): RapportError =>
  new RapportError('sources.paging', `the next page must be another one, got that of ${new URL(url).pathname} again`)

/** The URL with rel="next" of a Link header (RFC 8288). */
function nextOf(link: string | undefined): string | undefined {
  for (const [, url, parameters] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel\s*=\s*("([^"]*\s)?next(\s[^"]*)?"|next\b)/i.test(parameters!)) return url
  }
  return undefined
}
