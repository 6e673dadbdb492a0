import { join } from 'node:path'
import type { HttpOrigin } from '@rapport/protocol'
import { type GuardedFetch, type OutgoingAnswer, RapportError, type Work } from '../../base/index.ts'
import { AnswerReader } from './answer-reader.ts'
import { after, type Position, urlOf } from './paging.ts'
import type { Source, SourceCursor, SourcePage } from './source.ts'
import { SourceWait, waitUntil } from './source-wait.ts'

/** How far an API was read. */
interface HttpCursor {
  /** Where in the answers of this round; undefined between two rounds. */
  readonly position?: Position
  /** What this round asks for: what changed since. */
  readonly since?: string | number
  /** What the next round asks for: the highest that this one has met. */
  readonly highest?: string | number
}

/**
 * An HTTP API that answers with pages of JSON. A round goes through all its pages; the next one asks for what has changed
 * since, where the API can be asked that, and for everything where it cannot.
 *
 * @param secretFor gives the secret of a name for a request to a URL, or throws
 */
export function httpSource(
  origin: HttpOrigin,
  fetch: GuardedFetch,
  secretFor: (name: string, url: string) => Promise<string>,
): Source {
  return {
    pages: (cursor, folder, work) => readRound(origin, fetch, secretFor, (cursor ?? {}) as HttpCursor, folder, work),
  }
}

async function* readRound(
  origin: HttpOrigin,
  fetch: GuardedFetch,
  secretFor: (name: string, url: string) => Promise<string>,
  cursor: HttpCursor,
  folder: string,
  work: Work,
): AsyncGenerator<SourcePage> {
  const { paging, records, since: field } = origin
  const since = cursor.since
  let { position, highest } = cursor
  const reader = await AnswerReader.open(join(folder, 'answers'))
  try {
    for (;;) {
      const url = urlOf(firstUrl(origin, since), paging, position)
      const answer = await ask(origin, fetch, secretFor, url, work)
      const next = paging.by === 'next-url' || paging.by === 'token' ? paging.pointer : undefined
      const read = await reader.read(answer.body, { records, next, highest: field?.field })
      highest = higher(highest, read.highest)
      position = after(paging, position, { url, answer: read, link: headerOf(answer, 'link') })
      const { origin: host, pathname } = new URL(url)
      yield { name: `${host}${pathname}`, file: read.file, cursor: cursorOf(position, since, highest) }
      if (position === undefined) return
    }
  } finally {
    reader.close()
  }
}

function cursorOf(
  position: Position | undefined,
  since: HttpCursor['since'],
  highest: HttpCursor['highest'],
): SourceCursor {
  const known = highest === undefined ? {} : { highest }
  if (position !== undefined) return { position, ...(since === undefined ? {} : { since }), ...known }
  const from = higher(since, highest)
  return from === undefined ? {} : { since: from, highest: from }
}

/** Records of before may lack the field, and a round may meet none. */
function higher(one: string | number | undefined, other: string | number | undefined): string | number | undefined {
  if (one === undefined || other === undefined) return other ?? one
  return typeof one === typeof other && one > other ? one : other
}

function firstUrl({ url, since: field }: HttpOrigin, since: HttpCursor['since']): string {
  if (field === undefined || since === undefined) return url
  const asked = new URL(url)
  asked.searchParams.set(field.parameter, String(since))
  return asked.href
}

/** @throws SourceWait; RapportError `sources.status`, those of the fetch and of the secret */
async function ask(
  { auth, headers }: HttpOrigin,
  fetch: GuardedFetch,
  secretFor: (name: string, url: string) => Promise<string>,
  url: string,
  { signal }: Work,
): Promise<OutgoingAnswer> {
  const credentials = auth ? { [auth.header]: `${auth.prefix}${await secretFor(auth.secret, url)}` } : {}
  const answer = await fetch(url, {
    ...{ headers: { accept: 'application/json', ...headers }, credentials },
    ...(signal ? { signal } : {}),
  })
  const { origin, pathname } = new URL(url)
  if (answer.status === 429 || answer.status === 503) {
    throw new SourceWait(origin, waitUntil(headerOf(answer, 'retry-after')))
  }
  if (answer.status === 200) return answer
  throw new RapportError('sources.status', `${origin}${pathname} must answer with 200, got ${answer.status}`)
}

function headerOf(answer: OutgoingAnswer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
