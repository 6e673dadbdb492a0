import type { Instant } from '../base/index.ts'
import type { StateQueries } from '../state/index.ts'
import { identityOf, keyOf, type Link, type LinkReason, linkKey } from './identity.ts'
import { type Belonging, resolve } from './resolve.ts'

/** More identities than this are looked at for one change only in parts: whatever links so many is no person. */
const mostAtOnce = 5000

/** An event's part in the graph. */
export interface Sighting {
  readonly identities: readonly string[]
  readonly links: readonly Link[]
  readonly position: number
  readonly seenAt: Instant
}

/** An identity whose customer is new or another than before. */
export interface Moved {
  readonly identity: string
  readonly from: string | undefined
  readonly to: string
}

/**
 * Takes sightings into the graph and places everybody whom they touch anew. Taking them in again changes nothing.
 *
 * @returns the identities that belong to another customer than before, or for the first time
 */
export async function takeIn(queries: StateQueries, sightings: readonly Sighting[]): Promise<Moved[]> {
  const seenAt = new Map<string, Instant>()
  const links = new Map<string, { link: Link; position: number; seenAt: Instant }>()
  for (const { identities, links: shown, position, seenAt: at } of sightings) {
    const named = [...identities, ...shown.flatMap(({ from, to }) => [keyOf(from), keyOf(to)])]
    for (const key of named) if (!seenAt.has(key)) seenAt.set(key, at)
    for (const link of shown) {
      const key = linkKey(link)
      if (!links.has(key)) links.set(key, { link, position, seenAt: at })
    }
  }
  const rows = [...links].map(([link, shown]) => ({
    link,
    from_identity: keyOf(shown.link.from),
    to_identity: keyOf(shown.link.to),
    reason: shown.link.reason,
    position: shown.position,
    seen_at: shown.seenAt,
    severed_at: null,
  }))
  for (const part of parts(rows)) {
    await queries
      .insertInto('identity_links')
      .values(part)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return placeAnew(queries, seenAt)
}

/**
 * Places the given identities and everybody linked to them, as the graph stands.
 *
 * @param touched identities, with when they were seen
 */
export async function placeAnew(queries: StateQueries, touched: ReadonlyMap<string, Instant>): Promise<Moved[]> {
  const { identities, links } = await closureOf(queries, [...touched.keys()])
  const placed = resolve(identities, links)
  const before = new Map<string, Belonging>()
  for (const part of parts([...placed.keys()])) {
    const rows = await queries.selectFrom('identities').selectAll().where('identity', 'in', part).execute()
    for (const row of rows) before.set(row.identity, { customerId: row.customer_id, why: row.why })
  }
  const inOrder = [...placed].sort(([one], [other]) => (one < other ? -1 : 1))
  const changed = inOrder.filter(([key, { customerId, why }]) => {
    const held = before.get(key)
    return held?.customerId !== customerId || held.why !== why
  })
  const rows = changed.map(([identity, { customerId, why }]) => ({
    ...{ identity, customer_id: customerId, why },
    first_seen_at: touched.get(identity) ?? 0,
  }))
  for (const part of parts(rows)) {
    await queries
      .insertInto('identities')
      .values(part)
      .onConflict((conflict) =>
        conflict.column('identity').doUpdateSet((row) => ({
          customer_id: row.ref('excluded.customer_id'),
          why: row.ref('excluded.why'),
        })),
      )
      .execute()
  }
  return changed.flatMap(([identity, { customerId }]) => {
    const from = before.get(identity)?.customerId
    return from === customerId ? [] : [{ identity, from, to: customerId }]
  })
}

/** Everybody who is linked with `start`, over any number of links that hold. */
async function closureOf(queries: StateQueries, start: readonly string[]) {
  const identities = new Set(start)
  const links = new Map<string, Link>()
  let frontier = [...start]
  while (frontier.length > 0 && identities.size < Math.max(mostAtOnce, start.length * 2)) {
    const next = new Set<string>()
    for (const part of parts(frontier)) {
      const rows = await queries
        .selectFrom('identity_links')
        .select(['link', 'from_identity', 'to_identity', 'reason'])
        .where((is) => is.or([is('from_identity', 'in', part), is('to_identity', 'in', part)]))
        .where('severed_at', 'is', null)
        .execute()
      for (const { link, from_identity, to_identity, reason } of rows) {
        links.set(link, {
          ...{ from: identityOf(from_identity), to: identityOf(to_identity) },
          reason: reason as LinkReason,
        })
        for (const key of [from_identity, to_identity]) if (!identities.has(key)) next.add(key)
      }
    }
    for (const key of next) identities.add(key)
    frontier = [...next]
  }
  return { identities, links: [...links.values()] }
}

/** Of a size that both databases bind in one statement. */
function* parts<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let start = 0; start < items.length; start += 500) yield items.slice(start, start + 500)
}
